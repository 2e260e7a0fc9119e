-- CreateTable
CREATE TABLE "retired_token" (
    "token_id" TEXT NOT NULL PRIMARY KEY,
    "project_id" TEXT NOT NULL,
    CONSTRAINT "retired_token_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- AlterTable
ALTER TABLE "component" ADD COLUMN "state" TEXT NOT NULL DEFAULT 'active';
ALTER TABLE "project" ADD COLUMN "state" TEXT NOT NULL DEFAULT 'active';
