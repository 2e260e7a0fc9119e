-- CreateTable
CREATE TABLE "component" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "component_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "token_id" TEXT NOT NULL,
    "token_verifier" TEXT NOT NULL,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project_member" (
    "project_id" TEXT NOT NULL,
    "component_id" TEXT NOT NULL,

    CONSTRAINT "project_member_pkey" PRIMARY KEY ("project_id","component_id")
);

-- CreateTable
CREATE TABLE "datasource" (
    "id" TEXT NOT NULL,
    "component_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "metadata" TEXT NOT NULL,

    CONSTRAINT "datasource_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project_datasource" (
    "project_id" TEXT NOT NULL,
    "datasource_id" TEXT NOT NULL,

    CONSTRAINT "project_datasource_pkey" PRIMARY KEY ("project_id","datasource_id")
);

-- CreateTable
CREATE TABLE "artifact" (
    "number" SERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "submitter_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "request_digest" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "max_attempts" INTEGER NOT NULL,
    "created_at_ms" BIGINT NOT NULL,
    "ended_at_ms" BIGINT,
    "failure" TEXT,
    "event_count" INTEGER NOT NULL,
    "live_jobs" INTEGER NOT NULL,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "job" (
    "id" TEXT NOT NULL,
    "artifact_number" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "step_index" INTEGER NOT NULL,
    "component_id" TEXT NOT NULL,
    "operation_kind" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "waits_for" INTEGER,
    "feeds" INTEGER,
    "audience_index" INTEGER NOT NULL,
    "released" BOOLEAN NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "ready_at_ms" BIGINT,
    "lease_until_ms" BIGINT,
    "output_id" TEXT NOT NULL,
    "output_digest" TEXT,
    "output_bytes" BIGINT,
    "metrics" TEXT,
    "failure" TEXT,

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "barrier" (
    "artifact_number" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "needed" INTEGER NOT NULL,
    "arrived" INTEGER NOT NULL,

    CONSTRAINT "barrier_pkey" PRIMARY KEY ("artifact_number","index")
);

-- CreateTable
CREATE TABLE "audience" (
    "artifact_number" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "component_ids" TEXT NOT NULL,

    CONSTRAINT "audience_pkey" PRIMARY KEY ("artifact_number","index")
);

-- CreateTable
CREATE TABLE "event" (
    "artifact_number" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "artifact_status" TEXT NOT NULL,
    "job_id" TEXT,
    "job_status" TEXT,
    "failure" TEXT,

    CONSTRAINT "event_pkey" PRIMARY KEY ("artifact_number","sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "project_token_id_key" ON "project"("token_id");

-- CreateIndex
CREATE UNIQUE INDEX "datasource_component_id_name_key" ON "datasource"("component_id", "name");

-- CreateIndex
CREATE INDEX "project_datasource_datasource_id_idx" ON "project_datasource"("datasource_id");

-- CreateIndex
CREATE UNIQUE INDEX "artifact_id_key" ON "artifact"("id");

-- CreateIndex
CREATE UNIQUE INDEX "artifact_submitter_id_request_id_key" ON "artifact"("submitter_id", "request_id");

-- CreateIndex
CREATE UNIQUE INDEX "job_output_id_key" ON "job"("output_id");

-- CreateIndex
CREATE INDEX "job_component_id_status_artifact_number_ordinal_ready_at_ms_idx" ON "job"("component_id", "status", "artifact_number", "ordinal", "ready_at_ms");

-- CreateIndex
CREATE INDEX "job_status_lease_until_ms_idx" ON "job"("status", "lease_until_ms");

-- CreateIndex
CREATE INDEX "job_artifact_number_feeds_idx" ON "job"("artifact_number", "feeds");

-- CreateIndex
CREATE INDEX "job_artifact_number_waits_for_idx" ON "job"("artifact_number", "waits_for");

-- CreateIndex
CREATE UNIQUE INDEX "job_artifact_number_ordinal_key" ON "job"("artifact_number", "ordinal");

-- AddForeignKey
ALTER TABLE "project_member" ADD CONSTRAINT "project_member_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project_member" ADD CONSTRAINT "project_member_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "component"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "datasource" ADD CONSTRAINT "datasource_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "component"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project_datasource" ADD CONSTRAINT "project_datasource_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project_datasource" ADD CONSTRAINT "project_datasource_datasource_id_fkey" FOREIGN KEY ("datasource_id") REFERENCES "datasource"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_submitter_id_fkey" FOREIGN KEY ("submitter_id") REFERENCES "component"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_artifact_number_fkey" FOREIGN KEY ("artifact_number") REFERENCES "artifact"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "component"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "barrier" ADD CONSTRAINT "barrier_artifact_number_fkey" FOREIGN KEY ("artifact_number") REFERENCES "artifact"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audience" ADD CONSTRAINT "audience_artifact_number_fkey" FOREIGN KEY ("artifact_number") REFERENCES "artifact"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_artifact_number_fkey" FOREIGN KEY ("artifact_number") REFERENCES "artifact"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
