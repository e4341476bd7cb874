//! How values stand in columns: identifiers and hashes as bytes, whole numbers as SQLite's signed ones,
//! decisions and documents as JSON, days and times as ISO 8601 text, which sorts.

use motcua_core::ids::{DeviceId, EntityId, Hash, PrintJobId};
use rusqlite::Row;
use rusqlite::types::Type;
use uuid::Uuid;

/// An identifier as it is stored.
pub(super) trait Key {
    fn key(&self) -> [u8; 16];
}

macro_rules! key {
    ($($id:ty),*) => { $(
        impl Key for $id {
            fn key(&self) -> [u8; 16] {
                self.0.into_bytes()
            }
        }
    )* };
}

key!(DeviceId, EntityId, PrintJobId, motcua_core::ids::StaffId);

impl Key for Uuid {
    fn key(&self) -> [u8; 16] {
        self.into_bytes()
    }
}

/// A count or position as SQLite stores it. None of ours comes near 2⁶³.
pub(super) fn int(n: u64) -> i64 {
    n.cast_signed()
}

/// A count or position as it was stored.
pub(super) fn uint(n: i64) -> u64 {
    n.cast_unsigned()
}

pub(super) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(Uuid::from_bytes(bytes))
}

pub(super) fn entity(row: &Row<'_>, column: usize) -> rusqlite::Result<EntityId> {
    uuid(row, column).map(EntityId)
}

pub(super) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<Hash> {
    let bytes: [u8; 32] = row.get(column)?;
    Ok(Hash(bytes))
}

pub(super) fn u64_of(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let n: i64 = row.get(column)?;
    Ok(uint(n))
}

/// Text that parses, for example a day.
pub(super) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// Text that parses, or nothing.
pub(super) fn parsed_opt<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: Option<String> = row.get(column)?;
    match text {
        Some(_) => parsed(row, column).map(Some),
        None => Ok(None),
    }
}

/// A document.
pub(super) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}
