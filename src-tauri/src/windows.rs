//! The two windows: the desk and the hall display.
//!
//! Owns where they stand, how they are built and what every page is denied: leaving the program, opening
//! windows, form filling by the web view, the browser's own keys. What a window may ask of the program is
//! in `capabilities/`, one file each. There are no global shortcuts and no keyboard hook.

use tauri::webview::NewWindowResponse;
use tauri::{
    AppHandle, Manager, Monitor, PhysicalPosition, PhysicalSize, Runtime, Url, WebviewUrl,
    WebviewWindow, WebviewWindowBuilder,
};

use crate::ipc::dto::{Appearance, Theme};
use crate::platform;

/// Label of the desk's window.
pub const MAIN: &str = "main";
/// Label of the hall display's window.
pub const HALL: &str = "hall";

const MAIN_TITLE: &str = "Một Cửa";
const HALL_TITLE: &str = "Bảng gọi số";
const HALL_TITLE_ONE_MONITOR: &str = "Bảng gọi số (máy này chưa có màn hình thứ hai)";

const MAIN_WIDTH_PX: f64 = 1366.0;
const MAIN_HEIGHT_PX: f64 = 768.0;
const MAIN_MIN_WIDTH_PX: f64 = 1024.0;
const MAIN_MIN_HEIGHT_PX: f64 = 640.0;
const HALL_WIDTH_PX: f64 = 1280.0;
const HALL_HEIGHT_PX: f64 = 720.0;

/// Zoom that a screen may ask for; outside of it a window could not be used to go back.
const SCALE_MIN_PERCENT: u16 = 100;
const SCALE_MAX_PERCENT: u16 = 200;

/// Takes the browser's own keys and menu away after the page had its turn.
const BROWSER_KEYS: &str = include_str!("platform/browser_keys.js");

/// Where the pages of this program live, on Linux and on Windows.
const OWN_ORIGINS: [&str; 3] = [
    "tauri://localhost",
    "http://tauri.localhost",
    "https://tauri.localhost",
];

/// Opens the desk's window.
///
/// # Errors
/// When the web view cannot be made.
pub fn open_main<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
    let window = guarded(app, MAIN, "index.html")
        .title(MAIN_TITLE)
        .inner_size(MAIN_WIDTH_PX, MAIN_HEIGHT_PX)
        .min_inner_size(MAIN_MIN_WIDTH_PX, MAIN_MIN_HEIGHT_PX)
        .prevent_overflow()
        .center()
        .build()?;
    platform::prepare(&window)?;
    Ok(window)
}

/// Opens the hall display, or places it again where it is open: on a second monitor, filling it; in a
/// plain window whose title says so where there is only one.
///
/// # Errors
/// When the web view cannot be made or the window system refuses.
pub fn open_hall<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
    let hall = match app.get_webview_window(HALL) {
        Some(hall) => hall,
        None => build_hall(app)?,
    };
    place_hall(app, &hall)?;
    Ok(hall)
}

/// Brings the desk's window to the front, as after a second start; false when there is none any more.
pub fn come_forward<R: Runtime>(app: &AppHandle<R>) -> bool {
    let Some(window) = app.get_webview_window(MAIN) else {
        return false;
    };
    for outcome in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = outcome {
            tracing::warn!(%error, "the window cannot come forward");
        }
    }
    true
}

/// Gives the desk's window the theme of its frame and its zoom.
///
/// # Errors
/// When the window system refuses.
pub fn dress<R: Runtime>(app: &AppHandle<R>, appearance: Appearance) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(MAIN) else {
        return Ok(());
    };
    window.set_theme(match appearance.theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    })?;
    window.set_zoom(zoom_of(appearance.scale_percent))
}

fn zoom_of(scale_percent: u16) -> f64 {
    f64::from(scale_percent.clamp(SCALE_MIN_PERCENT, SCALE_MAX_PERCENT)) / 100.0
}

fn build_hall<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
    let hall = guarded(app, HALL, "hall.html")
        .title(HALL_TITLE)
        .inner_size(HALL_WIDTH_PX, HALL_HEIGHT_PX)
        .build()?;
    platform::prepare(&hall)?;
    Ok(hall)
}

/// A full screen asked of the builder lands on the wrong monitor on Windows, so the window is built,
/// moved, and only then made to fill the screen.
fn place_hall<R: Runtime>(app: &AppHandle<R>, hall: &WebviewWindow<R>) -> tauri::Result<()> {
    let screens: Vec<Screen> = hall
        .available_monitors()?
        .iter()
        .map(Screen::from)
        .collect();
    let desk = app
        .get_webview_window(MAIN)
        .and_then(|main| main.current_monitor().ok().flatten())
        .map(|monitor| Screen::from(&monitor));
    match hall_screen(&screens, desk) {
        Some(screen) => {
            hall.set_title(HALL_TITLE)?;
            hall.set_fullscreen(false)?;
            hall.set_position(screen.position)?;
            hall.set_fullscreen(true)
        }
        None => {
            tracing::warn!(
                monitors = screens.len(),
                "no second monitor: the hall display stays a window"
            );
            hall.set_fullscreen(false)?;
            hall.set_title(HALL_TITLE_ONE_MONITOR)
        }
    }
}

/// A monitor, as far as placing needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Screen {
    position: PhysicalPosition<i32>,
    size: PhysicalSize<u32>,
}

impl From<&Monitor> for Screen {
    fn from(monitor: &Monitor) -> Self {
        Self {
            position: *monitor.position(),
            size: *monitor.size(),
        }
    }
}

/// The first screen that the desk does not stand on. Two monitors that show the same picture have the
/// same place and count as one.
fn hall_screen(screens: &[Screen], desk: Option<Screen>) -> Option<Screen> {
    let desk = desk.or_else(|| screens.first().copied())?;
    screens
        .iter()
        .copied()
        .find(|screen| screen.position != desk.position)
}

fn guarded<'a, R: Runtime>(
    app: &'a AppHandle<R>,
    label: &str,
    page: &str,
) -> WebviewWindowBuilder<'a, R, AppHandle<R>> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        // A counter is shared: one citizen's data must not be offered to the next.
        .general_autofill_enabled(false)
        .zoom_hotkeys_enabled(false)
        // The web view's own drop handling hides dropped files from the page.
        .disable_drag_drop_handler()
        .initialization_script(BROWSER_KEYS)
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
}

fn is_own_page(url: &Url) -> bool {
    let address = url.as_str();
    OWN_ORIGINS.iter().any(|origin| {
        address
            .strip_prefix(origin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(x: i32, y: i32) -> Screen {
        Screen {
            position: PhysicalPosition::new(x, y),
            size: PhysicalSize::new(1920, 1080),
        }
    }

    #[test]
    fn the_hall_takes_the_screen_the_clerk_does_not_sit_at() {
        let (left, right) = (screen(0, 0), screen(1920, 0));
        assert_eq!(hall_screen(&[left, right], Some(left)), Some(right));
        assert_eq!(hall_screen(&[left, right], Some(right)), Some(left));
    }

    #[test]
    fn one_monitor_or_two_with_the_same_picture_leave_no_screen_for_the_hall() {
        let only = screen(0, 0);
        assert_eq!(hall_screen(&[only], Some(only)), None);
        assert_eq!(hall_screen(&[only, only], Some(only)), None);
        assert_eq!(hall_screen(&[], None), None);
    }

    #[test]
    fn a_desk_whose_place_is_unknown_is_taken_to_be_on_the_first_screen() {
        let (first, second) = (screen(0, 0), screen(-1920, 0));
        assert_eq!(hall_screen(&[first, second], None), Some(second));
    }

    #[test]
    fn a_window_never_leaves_the_program() {
        for (address, own) in [
            ("tauri://localhost", true),
            ("tauri://localhost/index.html#/desk", true),
            ("http://tauri.localhost/hall.html", true),
            ("http://tauri.localhost.example.com/", false),
            ("https://example.com/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,hello", false),
        ] {
            assert_eq!(is_own_page(&address.parse().unwrap()), own, "{address}");
        }
    }

    #[test]
    fn zoom_stays_within_what_can_be_undone() {
        for (percent, zoom) in [(100, 1.0), (125, 1.25), (200, 2.0), (10, 1.0), (900, 2.0)] {
            assert!((zoom_of(percent) - zoom).abs() < f64::EPSILON, "{percent}");
        }
    }
}
