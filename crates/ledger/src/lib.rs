//! motcua-ledger
