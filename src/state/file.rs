//! file ledger
