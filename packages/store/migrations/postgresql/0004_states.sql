-- AlterTable
ALTER TABLE "component" ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'active';

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'active';

-- CreateTable
CREATE TABLE "retired_token" (
    "token_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,

    CONSTRAINT "retired_token_pkey" PRIMARY KEY ("token_id")
);

-- AddForeignKey
ALTER TABLE "retired_token" ADD CONSTRAINT "retired_token_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
