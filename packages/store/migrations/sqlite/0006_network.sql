-- CreateTable
CREATE TABLE "enrolment" (
    "token_id" TEXT NOT NULL PRIMARY KEY,
    "token_verifier" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "expires_at_ms" BIGINT NOT NULL,
    "used_by_id" TEXT
);

-- CreateTable
CREATE TABLE "network_clock" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "value" BIGINT NOT NULL
);

-- AlterTable
ALTER TABLE "component" ADD COLUMN "url" TEXT;
ALTER TABLE "component" ADD COLUMN "home_id" TEXT;
ALTER TABLE "component" ADD COLUMN "version" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "component" ADD COLUMN "revision" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "component" ADD COLUMN "joined_at_ms" BIGINT;
CREATE INDEX "component_revision_idx" ON "component"("revision");
ALTER TABLE "project" ADD COLUMN "version" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "project" ADD COLUMN "revision" BIGINT NOT NULL DEFAULT 0;
