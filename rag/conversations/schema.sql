-- Conversations: user_version 1.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created TEXT NOT NULL,         -- UTC, ISO 8601
    updated TEXT NOT NULL,
    deleted TEXT,                  -- when it was deleted; see PURGE_AFTER in rows.py
    chosen TEXT NOT NULL           -- JSON: which version is shown, {parent or "": exchange}
) STRICT;
CREATE INDEX conversations_updated ON conversations (deleted, updated DESC);

CREATE TABLE exchanges (
    number INTEGER PRIMARY KEY,    -- in the order of the questions; the rowid in words
    id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    rated INTEGER,                 -- 1 good, 0 not
    record TEXT NOT NULL           -- JSON: rag.conversations.exchange.Exchange
) STRICT;
CREATE INDEX exchanges_of ON exchanges (conversation, number);
CREATE INDEX exchanges_rated ON exchanges (rated) WHERE rated IS NOT NULL;
CREATE INDEX exchanges_running ON exchanges (state)
    WHERE state IN ('waiting', 'searching', 'reading', 'writing');

CREATE VIRTUAL TABLE words USING fts5 (said, tokenize = "porter unicode61 remove_diacritics 2");
CREATE TRIGGER exchanges_gone AFTER DELETE ON exchanges BEGIN
    DELETE FROM words WHERE rowid = old.number;
END;
