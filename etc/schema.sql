-- SPDX-License-Identifier: MIT
-- Applied at every start, before any worker runs: each statement must be safe to repeat.

CREATE TABLE IF NOT EXISTS row (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL,
  campaign   TEXT NOT NULL,
  voice      TEXT NOT NULL,
  recognize  TEXT NOT NULL,
  inside     REAL NOT NULL,
  growth     TEXT NOT NULL,
  side       REAL NOT NULL,
  yard       TEXT NOT NULL,
  discussion TEXT NOT NULL
);
