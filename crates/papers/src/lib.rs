//! motcua-papers
