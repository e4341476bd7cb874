-- One schema for both roles. On a counter `op.seq` is NULL while an own operation is pending; on a hub never.
-- Additive for ever: later files add tables, columns and indexes; nothing is edited, nothing is dropped.

-- Facts about this file and this machine that are no operations.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where this node is in an office's log: on a counter the last line taken from the hub, on a hub the head.
CREATE TABLE cursor (
    scope  TEXT PRIMARY KEY NOT NULL,
    log_id BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    chain  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Every operation with the bytes that its device wrote. The row number keeps the order of arrival; `look`
-- is 1 where the decision needs a person; `chain` is the log's running hash at this line.
CREATE TABLE op (
    id       INTEGER PRIMARY KEY,
    scope    TEXT NOT NULL,
    seq      INTEGER,
    device   BLOB NOT NULL,
    epoch    INTEGER NOT NULL,
    dseq     INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    entity   BLOB NOT NULL,
    kind     TEXT NOT NULL,
    kver     INTEGER NOT NULL,
    decision TEXT NOT NULL,
    look     INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    sig      BLOB,
    chain    BLOB,
    recv_ms  INTEGER NOT NULL,
    UNIQUE (device, epoch, dseq),
    UNIQUE (scope, seq)
) STRICT;
CREATE INDEX op_entity ON op (entity, seq);
CREATE INDEX op_pending ON op (device, epoch, dseq) WHERE seq IS NULL;
CREATE INDEX op_look ON op (id) WHERE look = 1;

-- Entities as folded here. Everything below this table down to `number_used` follows from it and from `op`.
CREATE TABLE state (
    id           INTEGER PRIMARY KEY,
    entity       BLOB NOT NULL UNIQUE,
    family       TEXT NOT NULL,
    doc          TEXT NOT NULL,
    fold_version INTEGER NOT NULL,
    last_seq     INTEGER NOT NULL
) STRICT;
CREATE INDEX state_fold ON state (fold_version);

-- Dossiers as lists and search need them. `id` is `state.id`: it grows as dossiers arrive.
CREATE TABLE dossier (
    id           INTEGER PRIMARY KEY,
    entity       BLOB NOT NULL UNIQUE,
    code         TEXT NOT NULL,
    code_rev     TEXT NOT NULL,
    day_number   INTEGER NOT NULL,
    status       INTEGER NOT NULL,
    owner        TEXT NOT NULL,
    words        TEXT NOT NULL,
    id_number    TEXT,
    phone        TEXT NOT NULL,
    procedure_code TEXT NOT NULL,
    procedure_name TEXT NOT NULL,
    received_at  TEXT NOT NULL,
    due_at       TEXT,
    counter      TEXT NOT NULL,
    officer      BLOB NOT NULL,
    ticket       BLOB,
    -- What the province is to be told or has said: 1 waits, 2 has it, 3 refused.
    province     INTEGER NOT NULL,
    province_at  TEXT
) STRICT;
CREATE INDEX dossier_code ON dossier (code);
CREATE INDEX dossier_code_rev ON dossier (code_rev);
CREATE INDEX dossier_day_number ON dossier (day_number, id);
CREATE INDEX dossier_id_number ON dossier (id_number, id) WHERE id_number IS NOT NULL;
CREATE INDEX dossier_phone ON dossier (phone, id) WHERE phone <> '';
CREATE INDEX dossier_ticket ON dossier (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX dossier_province ON dossier (province, received_at) WHERE province IN (1, 3);
CREATE INDEX dossier_province_at ON dossier (province_at) WHERE province_at IS NOT NULL;
CREATE INDEX dossier_received ON dossier (received_at);
CREATE INDEX dossier_due ON dossier (due_at) WHERE due_at IS NOT NULL;

-- Words of names, folded. Prefix indexes answer while somebody types.
CREATE VIRTUAL TABLE dossier_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3 4 5 6',
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE ticket (
    id     INTEGER PRIMARY KEY,
    entity BLOB NOT NULL UNIQUE,
    day    TEXT NOT NULL,
    label  TEXT NOT NULL,
    state  TEXT NOT NULL
) STRICT;
CREATE INDEX ticket_day ON ticket (day, label);

-- Which entity or draft needs which bytes. A draft may have the identity of the dossier that it becomes, so
-- `draft` is part of the key. `own` is 1 where this machine brought the bytes in.
CREATE TABLE blob_ref (
    owner  BLOB NOT NULL,
    draft  INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    size   INTEGER NOT NULL,
    mime   TEXT NOT NULL,
    own    INTEGER NOT NULL,
    PRIMARY KEY (owner, draft, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_ref_sha256 ON blob_ref (sha256);

-- Numbers that exist, whoever gave them out. The primary key is the last line against giving one out twice.
-- `slice` is the first number of the own slice it was taken from; 0 when it came from elsewhere.
CREATE TABLE number_used (
    series TEXT NOT NULL,
    day    TEXT NOT NULL,
    n      INTEGER NOT NULL,
    slice  INTEGER NOT NULL,
    key    TEXT NOT NULL,
    PRIMARY KEY (series, day, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX number_used_key ON number_used (key, series, day);
CREATE INDEX number_used_own ON number_used (day, series, slice, n) WHERE slice > 0;

-- Machines that may write to the log (a hub), or that wrote to it (a counter).
CREATE TABLE device (
    id         BLOB PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    public_key BLOB NOT NULL UNIQUE,
    epoch      INTEGER NOT NULL,
    slot       INTEGER NOT NULL,
    active     INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL,
    own        INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Nodes that acknowledge: the machine they run on decides whether theirs is a second copy.
CREATE TABLE node (
    machine TEXT PRIMARY KEY NOT NULL,
    name    TEXT NOT NULL,
    role    TEXT NOT NULL,
    log_id  BLOB NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- High-waters of the outbox: own operations up to here are durable at the node.
CREATE TABLE ack (
    machine TEXT NOT NULL,
    epoch   INTEGER NOT NULL,
    dseq    INTEGER NOT NULL,
    PRIMARY KEY (machine, epoch)
) STRICT, WITHOUT ROWID;

-- What a node has of a blob.
CREATE TABLE blob_at (
    sha256   BLOB NOT NULL,
    machine  TEXT NOT NULL,
    have     INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    PRIMARY KEY (sha256, machine)
) STRICT, WITHOUT ROWID;

-- Blobs that this machine brought in and that no hub has whole, oldest first.
CREATE TABLE blob_queue (
    id     INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    size   INTEGER NOT NULL,
    mime   TEXT NOT NULL
) STRICT;

CREATE TABLE draft (
    id         BLOB PRIMARY KEY NOT NULL,
    json       TEXT NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE print_job (
    id         BLOB PRIMARY KEY NOT NULL,
    entity     BLOB,
    kind       TEXT NOT NULL,
    copy       INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    asked_at   TEXT NOT NULL,
    state      TEXT NOT NULL,
    detail     TEXT NOT NULL,
    start      INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX print_job_state ON print_job (state, asked_at);
CREATE INDEX print_job_updated ON print_job (state, updated_ms);
CREATE INDEX print_job_entity ON print_job (entity) WHERE entity IS NOT NULL;

-- Bytes that could not be taken into the log and must not be lost.
CREATE TABLE quarantine (
    id     INTEGER PRIMARY KEY,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    dseq   INTEGER NOT NULL,
    hash   BLOB NOT NULL,
    why    TEXT NOT NULL,
    bytes  BLOB NOT NULL,
    at_ms  INTEGER NOT NULL,
    UNIQUE (device, epoch, dseq, hash, why)
) STRICT;

-- Messages to the province, written in the transaction of the operation that causes them.
CREATE TABLE forward_job (
    id             INTEGER PRIMARY KEY,
    dossier        BLOB NOT NULL,
    seq            INTEGER NOT NULL UNIQUE,
    key            BLOB NOT NULL UNIQUE,
    state          TEXT NOT NULL,
    attempts       INTEGER NOT NULL,
    not_before_ms  INTEGER NOT NULL,
    lease_until_ms INTEGER NOT NULL,
    request        BLOB,
    response       BLOB
) STRICT;
CREATE INDEX forward_job_open ON forward_job (not_before_ms) WHERE state <> 'confirmed';
CREATE INDEX forward_job_state ON forward_job (state);
CREATE INDEX forward_job_dossier ON forward_job (dossier, seq) WHERE state <> 'confirmed';
