//! motcua-app
fn main() {}
