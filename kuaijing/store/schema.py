"""The tables, the same in SQLite and in PostgreSQL but for the names of three types."""

SCHEMA_VERSION = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name {text} PRIMARY KEY, value {text} NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    seq {int} PRIMARY KEY, recorded_at {int} NOT NULL, actor {text} NOT NULL, source {text} NOT NULL,
    reason {text} NOT NULL, by_voice {int} NOT NULL, idempotency_key {text}, type {text} NOT NULL,
    schema {int} NOT NULL, body {blob} NOT NULL, prev_hash {blob} NOT NULL, hash {blob} NOT NULL
);
CREATE INDEX IF NOT EXISTS event_type ON event (type, seq);
CREATE TABLE IF NOT EXISTS event_incident (
    incident {text} NOT NULL, seq {int} NOT NULL, PRIMARY KEY (incident, seq)
){without};
CREATE TABLE IF NOT EXISTS receipt (
    actor {text} NOT NULL, idempotency_key {text} NOT NULL, fingerprint {text} NOT NULL, version {int} NOT NULL,
    first_seq {int} NOT NULL, last_seq {int} NOT NULL, ids {blob} NOT NULL, PRIMARY KEY (actor, idempotency_key)
){without};
CREATE TABLE IF NOT EXISTS snapshot (
    seq {int} PRIMARY KEY, schema {int} NOT NULL, hash {blob} NOT NULL, digest {text} NOT NULL, body {blob} NOT NULL
);
CREATE TABLE IF NOT EXISTS kept_snapshot (
    seq {int} PRIMARY KEY, schema {int} NOT NULL, hash {blob} NOT NULL, digest {text} NOT NULL, body {blob} NOT NULL
);
CREATE TABLE IF NOT EXISTS ended (
    incident {text} PRIMARY KEY, opened_at {int} NOT NULL, ended_at {int} NOT NULL, parts {blob} NOT NULL,
    body {blob} NOT NULL
);
CREATE INDEX IF NOT EXISTS ended_opened ON ended (opened_at);
CREATE TABLE IF NOT EXISTS ended_part (part {text} PRIMARY KEY, incident {text} NOT NULL);
CREATE INDEX IF NOT EXISTS ended_part_incident ON ended_part (incident);
CREATE TABLE IF NOT EXISTS personal_key (incident {text} PRIMARY KEY, secret {blob} NOT NULL);
CREATE TABLE IF NOT EXISTS personal_words (call {text} PRIMARY KEY, incident {text} NOT NULL, sealed {blob} NOT NULL);
CREATE INDEX IF NOT EXISTS personal_words_incident ON personal_words (incident);
CREATE TABLE IF NOT EXISTS register_entry (
    register {text} NOT NULL, id {text} NOT NULL, version {int} NOT NULL, at {int} NOT NULL, actor {text} NOT NULL,
    reason {text} NOT NULL, change {text} NOT NULL, salt {blob} NOT NULL, digest {text} NOT NULL,
    document {blob} NOT NULL, PRIMARY KEY (register, id, version)
){without};
CREATE TABLE IF NOT EXISTS advice (digest {text} PRIMARY KEY, body {blob} NOT NULL);
CREATE TABLE IF NOT EXISTS plan (
    digest {text} PRIMARY KEY, name {text} NOT NULL, version {text} NOT NULL, stored_at {int} NOT NULL,
    body {blob} NOT NULL
);
CREATE TABLE IF NOT EXISTS probe (one {int} PRIMARY KEY, body {blob} NOT NULL);
"""


def tables(*, text: str, integer: str, blob: str, without_rowid: str) -> list[str]:
    """Statements that make every table that is not there yet."""
    filled = _TABLES.format(text=text, int=integer, blob=blob, without=without_rowid)
    return [statement.strip() for statement in filled.split(";") if statement.strip()]


SQLITE = tables(text="TEXT", integer="INTEGER", blob="BLOB", without_rowid=" WITHOUT ROWID")
POSTGRES = tables(text="TEXT", integer="BIGINT", blob="BYTEA", without_rowid="")
