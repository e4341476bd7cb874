//! motcua-core
