-- CreateTable
CREATE TABLE "Event" (
    "sequence" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "session" TEXT NOT NULL,
    "vm" TEXT NOT NULL,
    "run" TEXT,
    "vcpu" INTEGER,
    "at" DATETIME NOT NULL,
    "exitReason" TEXT,
    "cause" TEXT,
    "slot" INTEGER,
    "pc" TEXT,
    "body" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT,
    "vm" TEXT NOT NULL,
    "vmName" TEXT,
    "labels" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "openedAt" DATETIME NOT NULL,
    "endedAt" DATETIME,
    "endReason" TEXT,
    "exits" BIGINT NOT NULL DEFAULT 0,
    "trimmedTo" BIGINT NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "Run" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "vm" TEXT NOT NULL,
    "session" TEXT NOT NULL,
    "vcpu" INTEGER,
    "state" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "endedAt" DATETIME,
    "detail" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Image" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "name" TEXT,
    "size" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "entry" TEXT,
    "symbols" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "IdempotencyKey" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "fingerprint" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "status" INTEGER,
    "headers" TEXT,
    "body" TEXT
);

-- CreateIndex
CREATE INDEX "Event_session_sequence_kind_cause_slot_pc_exitReason_vcpu_idx" ON "Event"("session", "sequence", "kind", "cause", "slot", "pc", "exitReason", "vcpu");

-- CreateIndex
CREATE INDEX "Event_vm_idx" ON "Event"("vm");

-- CreateIndex
CREATE INDEX "Event_run_idx" ON "Event"("run");

-- CreateIndex
CREATE INDEX "Session_vm_id_idx" ON "Session"("vm", "id");

-- CreateIndex
CREATE INDEX "Session_vm_trimmedTo_idx" ON "Session"("vm", "trimmedTo");

-- CreateIndex
CREATE INDEX "Session_state_id_idx" ON "Session"("state", "id");

-- CreateIndex
CREATE INDEX "Session_trimmedTo_idx" ON "Session"("trimmedTo");

-- CreateIndex
CREATE INDEX "Run_vm_id_idx" ON "Run"("vm", "id");

-- CreateIndex
CREATE INDEX "Run_session_id_idx" ON "Run"("session", "id");

-- CreateIndex
CREATE INDEX "Run_state_id_idx" ON "Run"("state", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Image_sha256_key" ON "Image"("sha256");

-- CreateIndex
CREATE INDEX "IdempotencyKey_at_idx" ON "IdempotencyKey"("at");

-- CreateIndex
CREATE INDEX "IdempotencyKey_status_owner_idx" ON "IdempotencyKey"("status", "owner");
