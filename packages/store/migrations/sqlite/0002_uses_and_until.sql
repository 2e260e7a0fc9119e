-- AlterTable
ALTER TABLE "job" ADD COLUMN "until" TEXT;
ALTER TABLE "job" ADD COLUMN "uses" TEXT;
