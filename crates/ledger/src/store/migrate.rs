//! Migrations: numbered, additive, never edited. `user_version` is the number of the last one; `min_reader`
//! in `meta` is the oldest program version that still reads the file, so that a machine whose update was
//! taken back keeps working as long as nothing forbids it.
//!
//! Before an existing file is changed it is copied, encrypted as it is.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::StoreError;
use crate::files;

/// One step of the schema.
pub(super) struct Migration {
    /// From 1, without holes.
    pub(super) number: u32,
    /// Its statements.
    pub(super) sql: &'static str,
    /// The oldest schema version whose program can still read and write the file after this step.
    pub(super) min_reader: u32,
}

/// Every migration in order.
pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    sql: include_str!("../migrations/0001_ledger.sql"),
    min_reader: 1,
}];

/// Brings the file to the newest version this program knows.
///
/// # Errors
/// [`StoreError::NewerStore`] when the file forbids this program; nothing was changed then.
pub(super) fn migrate(
    conn: &mut Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<(), StoreError> {
    let known = migrations.last().map_or(0, |m| m.number);
    let found = version(conn)?;
    if found > known {
        let needed = min_reader(conn)?;
        return if needed > known {
            Err(StoreError::NewerStore { found, known })
        } else {
            Ok(())
        };
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        keep_copy(conn, path, found)?;
    }
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?;
    for migration in migrations.iter().filter(|m| m.number > found) {
        tx.execute_batch(migration.sql)?;
        tx.execute(
            "INSERT INTO meta (key, value) VALUES ('min_reader', ?1)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [migration.min_reader.to_string()],
        )?;
    }
    tx.execute_batch(&format!("PRAGMA user_version = {known}"))?;
    tx.commit()?;
    Ok(())
}

/// The file's schema version; 0 for a new file.
pub(super) fn version(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Refuses a file that this program may not read; for readers, which never migrate.
pub(super) fn readable(conn: &Connection) -> Result<(), StoreError> {
    let known = MIGRATIONS.last().map_or(0, |m| m.number);
    let found = version(conn)?;
    if found > known && min_reader(conn)? > known {
        return Err(StoreError::NewerStore { found, known });
    }
    Ok(())
}

fn min_reader(conn: &Connection) -> Result<u32, StoreError> {
    let text: Option<String> = conn
        .query_row(
            "SELECT value FROM meta WHERE key = 'min_reader'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    // A file of a newer version that does not say whom it allows allows nobody older.
    Ok(text.and_then(|t| t.parse().ok()).unwrap_or(u32::MAX))
}

fn keep_copy(conn: &Connection, path: &Path, found: u32) -> Result<(), StoreError> {
    // The caller holds the store's lock: with the log moved into the file, the file alone is the store.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let copy = path.with_extension(format!("before-v{}", found + 1));
    let part = path.with_extension("copy.part");
    fs::copy(path, &part)?;
    fs::File::open(&part)?.sync_all()?;
    fs::rename(&part, &copy)?;
    files::sync_parent(&copy)?;
    tracing::info!(copy = %copy.display(), "the store was copied before its migration");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::StoreKey;
    use crate::store::conn;

    const SECOND: Migration = Migration {
        number: 2,
        sql: "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;",
        min_reader: 1,
    };
    const THIRD_BREAKS: Migration = Migration {
        number: 3,
        sql: "CREATE TABLE much_later (id INTEGER PRIMARY KEY) STRICT;",
        min_reader: 3,
    };

    fn first() -> Migration {
        let Migration {
            number,
            sql,
            min_reader,
        } = MIGRATIONS[0];
        Migration {
            number,
            sql,
            min_reader,
        }
    }

    fn open(dir: &Path) -> (Connection, std::path::PathBuf) {
        let path = dir.join("ledger.db");
        (
            conn::open_writer(&path, &StoreKey::from_bytes([1; 32])).unwrap(),
            path,
        )
    }

    #[test]
    fn an_old_file_is_copied_and_brought_up_to_date() {
        let dir = tempfile::tempdir().unwrap();
        let (mut conn, path) = open(dir.path());
        migrate(&mut conn, &path, &[first()]).unwrap();
        conn.execute("INSERT INTO meta VALUES ('kept', 'yes')", [])
            .unwrap();
        migrate(&mut conn, &path, &[first(), SECOND]).unwrap();
        assert_eq!(version(&conn).unwrap(), 2);
        let kept: String = conn
            .query_row("SELECT value FROM meta WHERE key = 'kept'", [], |r| {
                r.get(0)
            })
            .unwrap();
        assert_eq!(kept, "yes");

        let copy = path.with_extension("before-v2");
        let old = conn::open_writer(&copy, &StoreKey::from_bytes([1; 32])).unwrap();
        assert_eq!(version(&old).unwrap(), 1);
    }

    #[test]
    fn a_new_file_needs_no_copy() {
        let dir = tempfile::tempdir().unwrap();
        let (mut conn, path) = open(dir.path());
        migrate(&mut conn, &path, &[first(), SECOND]).unwrap();
        assert!(!path.with_extension("before-v1").exists());
    }

    #[test]
    fn an_older_program_goes_on_with_a_newer_file_that_allows_it() {
        let dir = tempfile::tempdir().unwrap();
        let (mut conn, path) = open(dir.path());
        migrate(&mut conn, &path, &[first(), SECOND]).unwrap();
        migrate(&mut conn, &path, &[first()]).unwrap();
        assert_eq!(version(&conn).unwrap(), 2);
    }

    #[test]
    fn an_older_program_refuses_a_newer_file_that_forbids_it() {
        let dir = tempfile::tempdir().unwrap();
        let (mut conn, path) = open(dir.path());
        migrate(&mut conn, &path, &[first(), SECOND, THIRD_BREAKS]).unwrap();
        let refused = migrate(&mut conn, &path, &[first()]).unwrap_err();
        assert!(
            matches!(refused, StoreError::NewerStore { found: 3, known: 1 }),
            "{refused}"
        );
        assert!(matches!(
            readable(&conn),
            Err(StoreError::NewerStore { found: 3, .. })
        ));
    }

    #[test]
    fn the_list_has_no_holes() {
        let numbers: Vec<u32> = MIGRATIONS.iter().map(|m| m.number).collect();
        let expected: Vec<u32> = (1..=numbers.len())
            .map(|n| u32::try_from(n).unwrap())
            .collect();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let (mut conn, path) = open(dir.path());
        migrate(&mut conn, &path, &[first()]).unwrap();
        let broken = Migration {
            number: 2,
            sql: "CREATE TABLE half (id); NOT SQL;",
            min_reader: 1,
        };
        assert!(migrate(&mut conn, &path, &[first(), broken]).is_err());
        assert_eq!(version(&conn).unwrap(), 1);
        let half: i64 = conn
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'half'",
                [],
                |r| r.get(0),
            )
            .unwrap();
        assert_eq!(half, 0);
    }
}
