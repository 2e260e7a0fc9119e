-- AlterTable
ALTER TABLE "component" ADD COLUMN     "home_id" TEXT,
ADD COLUMN     "joined_at_ms" BIGINT,
ADD COLUMN     "revision" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "url" TEXT,
ADD COLUMN     "version" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "revision" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "version" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "enrolment" (
    "token_id" TEXT NOT NULL,
    "token_verifier" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "expires_at_ms" BIGINT NOT NULL,
    "used_by_id" TEXT,

    CONSTRAINT "enrolment_pkey" PRIMARY KEY ("token_id")
);

-- CreateTable
CREATE TABLE "network_clock" (
    "id" INTEGER NOT NULL,
    "value" BIGINT NOT NULL,

    CONSTRAINT "network_clock_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "component_revision_idx" ON "component"("revision");
