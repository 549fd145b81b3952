-- Processes that have a library on a server open, and the articles that workers have taken; on PostgreSQL only.
CREATE TABLE processes (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,            -- app, worker or command
    seen TIMESTAMPTZ NOT NULL      -- by the server's clock
);
CREATE TABLE leases (
    article TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    process TEXT NOT NULL REFERENCES processes (id) ON DELETE CASCADE
);
CREATE INDEX leases_of ON leases (process);
