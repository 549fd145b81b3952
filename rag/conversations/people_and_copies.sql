-- Conversations: user_version 3.
ALTER TABLE conversations ADD COLUMN person TEXT;                          -- whose it is; NULL: everybody's
ALTER TABLE conversations ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;  -- counts changes
ALTER TABLE exchanges ADD COLUMN copy TEXT;         -- the copy of Byline that writes the answer, on a server
