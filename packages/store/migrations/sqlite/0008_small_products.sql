-- CreateTable
CREATE TABLE "small_product" (
    "output_id" TEXT NOT NULL PRIMARY KEY,
    "content" BLOB NOT NULL
);
