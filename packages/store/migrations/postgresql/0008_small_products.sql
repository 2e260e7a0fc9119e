-- CreateTable
CREATE TABLE "small_product" (
    "output_id" TEXT NOT NULL,
    "content" BYTEA NOT NULL,

    CONSTRAINT "small_product_pkey" PRIMARY KEY ("output_id")
);
