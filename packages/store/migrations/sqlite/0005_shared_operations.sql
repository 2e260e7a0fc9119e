-- CreateTable
CREATE TABLE "operation" (
    "artifact_number" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "operation" TEXT NOT NULL,

    PRIMARY KEY ("artifact_number", "index"),
    CONSTRAINT "operation_artifact_number_fkey" FOREIGN KEY ("artifact_number") REFERENCES "artifact" ("number") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- AlterTable: what jobs had by themselves they keep, each as one of its own
ALTER TABLE "job" ADD COLUMN "operation_index" INTEGER NOT NULL DEFAULT 0;
INSERT INTO "operation" ("artifact_number", "index", "operation") SELECT "artifact_number", "ordinal", "operation" FROM "job";
UPDATE "job" SET "operation_index" = "ordinal";
ALTER TABLE "job" DROP COLUMN "operation";
