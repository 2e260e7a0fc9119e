-- CreateTable
CREATE TABLE "own_node" (
    "id" INTEGER NOT NULL,
    "component_id" TEXT NOT NULL,

    CONSTRAINT "own_node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "spent_nonce" (
    "id" TEXT NOT NULL,
    "expires_at_ms" BIGINT NOT NULL,

    CONSTRAINT "spent_nonce_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "spent_nonce_expires_at_ms_idx" ON "spent_nonce"("expires_at_ms");
