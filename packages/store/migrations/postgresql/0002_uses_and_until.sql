-- AlterTable
ALTER TABLE "job" ADD COLUMN     "until" TEXT,
ADD COLUMN     "uses" TEXT;
