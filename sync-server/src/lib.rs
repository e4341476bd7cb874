//! motcua-sync-server
