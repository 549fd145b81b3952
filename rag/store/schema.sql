-- The ledger, the texts and the keyword index: the truth. Chroma holds a cache of vectors.
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,            -- the path or address of what it was read from, with others perhaps
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    published TEXT,
    outlet TEXT,
    author TEXT,
    url TEXT,
    text TEXT NOT NULL,
    added TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done')),  -- pending: vectors not all there yet
    identity TEXT NOT NULL DEFAULT '',  -- equal in exact copies
    copy_of TEXT                        -- the article that holds the passages, where that is another
) STRICT;
CREATE INDEX IF NOT EXISTS articles_same ON articles (identity) WHERE copy_of IS NULL;
CREATE INDEX IF NOT EXISTS articles_copies ON articles (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS articles_published ON articles (published);
-- What a list of articles shows, so that no list reads the texts, which stand in the same rows.
CREATE INDEX IF NOT EXISTS articles_shown
    ON articles (added DESC, id, title, language, published, outlet, source, copy_of);
CREATE INDEX IF NOT EXISTS articles_pending ON articles (state) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS articles_of ON articles (file);

-- Files that were read whole; one that was interrupted is not here, or as it was before.
CREATE TABLE IF NOT EXISTS files (
    file TEXT PRIMARY KEY,
    digest TEXT NOT NULL,          -- SHA-256 of its bytes
    size INTEGER NOT NULL,         -- with modified_ns: unchanged files are not even opened
    modified_ns INTEGER NOT NULL
) STRICT;

-- What is no article: a whole file or address, or a part of one.
CREATE TABLE IF NOT EXISTS skipped (
    source TEXT PRIMARY KEY,
    file TEXT NOT NULL,            -- not always in files: it may not even have been opened
    reason TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS skipped_of ON skipped (file);

-- What servers said of pages, to ask them later whether these have changed.
CREATE TABLE IF NOT EXISTS visits (
    file TEXT PRIMARY KEY REFERENCES files (file) ON DELETE CASCADE,
    etag TEXT NOT NULL,
    modified TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: an id is never used twice, so a vector can never stand for another passage.
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    language TEXT NOT NULL,
    shard TEXT NOT NULL            -- the collection of Chroma that its vector is in
) STRICT;
CREATE INDEX IF NOT EXISTS passages_of ON passages (article_id, ordinal);

-- Collections of Chroma, each of one language, and how many passages each holds.
CREATE TABLE IF NOT EXISTS shards (
    name TEXT PRIMARY KEY,
    language TEXT NOT NULL,
    passages INTEGER NOT NULL
) STRICT;

-- Vectors of passages that are gone, until Chroma has let them go too.
CREATE TABLE IF NOT EXISTS doomed (id INTEGER PRIMARY KEY, shard TEXT NOT NULL) STRICT;

-- What the embedding model makes of a language (float32), for balancing.
CREATE TABLE IF NOT EXISTS shifts (
    kind TEXT NOT NULL CHECK (kind IN ('passage', 'question')),
    language TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (kind, language)
) STRICT;

CREATE VIRTUAL TABLE IF NOT EXISTS keywords USING fts5 (
    words, tokenize = "porter unicode61 remove_diacritics 2"
);

-- Articles that a reader took out, kept whole to be put back; until then no ingestion brings them in.
CREATE TABLE IF NOT EXISTS removed (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    published TEXT,
    outlet TEXT,
    author TEXT,
    url TEXT,
    removed TEXT NOT NULL,         -- when
    text TEXT NOT NULL,
    copy_of TEXT                   -- taken out with this one, as its copy
) STRICT;

-- Feeds that are subscribed to, and the entries of each that were had.
CREATE TABLE IF NOT EXISTS feeds (
    address TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    minutes INTEGER NOT NULL,      -- between two looks
    etag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    looked TEXT,                   -- when it was last looked at
    error TEXT                     -- what went wrong then
) STRICT;
CREATE TABLE IF NOT EXISTS feed_entries (
    feed TEXT NOT NULL REFERENCES feeds (address) ON DELETE CASCADE,
    entry TEXT NOT NULL,
    PRIMARY KEY (feed, entry)
) STRICT;
