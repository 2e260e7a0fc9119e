-- CreateTable
CREATE TABLE "own_node" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "component_id" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "spent_nonce" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "expires_at_ms" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "spent_nonce_expires_at_ms_idx" ON "spent_nonce"("expires_at_ms");
