-- AlterTable
ALTER TABLE "artifact" ADD COLUMN "leftover_since_ms" BIGINT;

-- AlterTable
ALTER TABLE "event" ADD COLUMN "attempt" INTEGER;

-- CreateTable
CREATE TABLE "turn" (
    "component_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "served" BIGINT NOT NULL DEFAULT 0,

    PRIMARY KEY ("component_id", "project_id")
);

-- AlterTable
ALTER TABLE "barrier" ADD COLUMN "spare" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "barrier" ADD COLUMN "lost" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "barrier" ADD COLUMN "timeout_ms" BIGINT;
ALTER TABLE "barrier" ADD COLUMN "deadline_ms" BIGINT;
CREATE INDEX "barrier_deadline_ms_idx" ON "barrier"("deadline_ms");
DROP INDEX "job_component_id_status_artifact_number_ordinal_ready_at_ms_idx";
ALTER TABLE "job" ADD COLUMN "project_id" TEXT NOT NULL DEFAULT '';
ALTER TABLE "job" ADD COLUMN "failures" TEXT;
CREATE INDEX "job_component_id_project_id_status_ready_at_ms_artifact_number_ordinal_idx" ON "job"("component_id", "project_id", "status", "ready_at_ms", "artifact_number", "ordinal");

-- CreateIndex
CREATE INDEX "artifact_leftover_since_ms_idx" ON "artifact"("leftover_since_ms");

-- What an earlier version accepted goes on.
UPDATE "job" SET "project_id" = (SELECT "project_id" FROM "artifact" WHERE "artifact"."number" = "job"."artifact_number");
UPDATE "job" SET "ready_at_ms" = 0 WHERE "status" = 'READY' AND "ready_at_ms" IS NULL;
INSERT INTO "turn" ("component_id", "project_id") SELECT DISTINCT "component_id", "project_id" FROM "job";
UPDATE "artifact" SET "leftover_since_ms" = "ended_at_ms";
