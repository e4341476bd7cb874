//! Who asks, as a command may know it: the window's label, and what can be done to the windows.
//!
//! Commands take these instead of Tauri's own handles, so that one list of commands serves the real
//! windows and the windows of tests, which are of another runtime.

use specta::Types;
use specta::datatype::DataType;
use specta::function::FunctionArg;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tauri::{AppHandle, Runtime};

use super::dto::Appearance;
use crate::windows;

/// The label of the window that asks. It comes from the program and not from the page.
pub struct AskingWindow(pub String);

impl<'de, R: Runtime> CommandArg<'de, R> for AskingWindow {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        Ok(Self(command.message.webview_ref().label().to_owned()))
    }
}

/// What commands may do to the windows.
pub trait Windows: Send + Sync {
    /// Opens the hall display, or places it again.
    ///
    /// # Errors
    /// When the window system refuses.
    fn open_hall(&self) -> tauri::Result<()>;

    /// Gives the desk's window its look.
    ///
    /// # Errors
    /// When the window system refuses.
    fn dress(&self, appearance: Appearance) -> tauri::Result<()>;
}

impl<R: Runtime> Windows for AppHandle<R> {
    fn open_hall(&self) -> tauri::Result<()> {
        windows::open_hall(self).map(drop)
    }

    fn dress(&self, appearance: Appearance) -> tauri::Result<()> {
        windows::dress(self, appearance)
    }
}

/// The windows of the program that runs the command.
pub struct TheWindows(pub Box<dyn Windows>);

impl<'de, R: Runtime> CommandArg<'de, R> for TheWindows {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        use tauri::Manager;
        Ok(Self(Box::new(
            command.message.webview_ref().app_handle().clone(),
        )))
    }
}

/// Neither is an argument that a page sends.
impl FunctionArg for AskingWindow {
    fn to_datatype(_: &mut Types) -> Option<DataType> {
        None
    }
}

impl FunctionArg for TheWindows {
    fn to_datatype(_: &mut Types) -> Option<DataType> {
        None
    }
}
