// Package ledger is the room for the append-only record of what was decided:
// scores, events, outcomes, human decisions and approvals, hash-chained. The
// server of today answers and logs, and keeps no ledger.
package ledger
