//! Table `device`: the machines that may write to a hub's log.

use motcua_core::ids::DeviceId;
use motcua_core::numbers::COUNTER_SLOTS;
use rusqlite::{OptionalExtension, Row, params};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key};
use crate::hub::Device;

const COLUMNS: &str = "id, name, public_key, epoch, slot, active, seen_ms";

fn device(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: DeviceId(rows::uuid(row, 0)?),
        name: row.get(1)?,
        public_key: row.get(2)?,
        epoch: row.get(3)?,
        slot: row.get(4)?,
        active: row.get(5)?,
    })
}

impl ReadTx<'_> {
    pub(crate) fn device(&self, id: DeviceId) -> Result<Option<Device>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM device WHERE id = ?1");
        let mut query = self.conn.prepare_cached(&sql)?;
        Ok(query.query_row([id.key()], device).optional()?)
    }

    pub(crate) fn device_by_public_key(
        &self,
        public_key: &[u8; 32],
    ) -> Result<Option<Device>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM device WHERE public_key = ?1");
        let mut query = self.conn.prepare_cached(&sql)?;
        Ok(query.query_row([public_key], device).optional()?)
    }

    /// Every device with when it was last seen, by slot. The hub itself is not among them.
    pub(crate) fn devices(&self) -> Result<Vec<(Device, i64)>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM device WHERE own = 0 ORDER BY slot, id");
        let mut query = self.conn.prepare_cached(&sql)?;
        let found = query.query_map([], |row| Ok((device(row)?, row.get(6)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The lowest slot that no device ever had; slots of devices that left are not given out again here.
    pub(crate) fn free_slot(&self) -> Result<Option<u16>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT slot FROM device WHERE own = 0 ORDER BY slot")?;
        let taken: Vec<u16> = query
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let rested: Vec<u16> = self.fact("rested_slots")?.unwrap_or_default();
        Ok((0..COUNTER_SLOTS).find(|slot| !taken.contains(slot) && !rested.contains(slot)))
    }
}

impl WriteTx<'_> {
    pub(crate) fn put_device(
        &self,
        device: &Device,
        own: bool,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO device (id, name, public_key, epoch, slot, active, seen_ms, own)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, epoch = excluded.epoch,
                     slot = excluded.slot, active = excluded.active",
            )?
            .execute(params![
                device.id.key(),
                device.name,
                device.public_key,
                device.epoch,
                device.slot,
                device.active,
                now_ms,
                own
            ])?;
        Ok(())
    }

    pub(crate) fn device_was_seen(&self, id: DeviceId, now_ms: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE device SET seen_ms = ?2 WHERE id = ?1")?
            .execute(params![id.key(), now_ms])?;
        Ok(())
    }

    /// Remembers a slot that its device gave up: numbers of it may sit in papers that nobody has seen yet.
    pub(crate) fn rest_slot(&self, slot: u16) -> Result<(), StoreError> {
        let mut rested: Vec<u16> = self.fact("rested_slots")?.unwrap_or_default();
        if !rested.contains(&slot) {
            rested.push(slot);
        }
        self.set_fact("rested_slots", &rested)
    }
}
