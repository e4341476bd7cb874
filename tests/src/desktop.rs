//! A desktop that exists only for a test: display, session bus, window manager, home folder.
//!
//! Each one is its own world: its own X server on a number the server chooses, its own bus, its
//! own home, no accessibility bus (which stalls WebKitGTK where none runs) and no settings daemon.
//! Two tests may have two desktops at once. Keys and clicks are real X events sent by `xdotool`,
//! so they pass through the input method as a clerk's would.

use crate::process::{Program, Running};
use crate::wait::until;
use anyhow::{Context, Result};
use std::path::Path;
use tempfile::TempDir;

/// The smallest screen an office still has, in pixels.
pub const OFFICE_SCREEN: Screen = Screen {
    width: 1366,
    height: 768,
};

/// A large screen, in pixels.
pub const LARGE_SCREEN: Screen = Screen {
    width: 1920,
    height: 1080,
};

/// Between two keys typed by [`Desktop::type_text`], in milliseconds: a fast clerk.
const KEY_DELAY_MILLISECONDS: u32 = 25;

/// A session bus that starts nothing by itself. With the machine's own configuration, whatever is
/// installed there (key rings, portals, accessibility) would wake up and make tests differ.
const BUS_CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// The size of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A running virtual desktop; dropping it ends everything on it.
#[derive(Debug)]
pub struct Desktop {
    env: Vec<(String, String)>,
    // Ended in this order: what uses the display before the display.
    _manager: Running,
    _bus: Running,
    _display: Running,
    _home: TempDir,
}

impl Desktop {
    /// Starts a desktop with one screen.
    ///
    /// # Errors
    /// When the X server, the bus or the window manager is missing or does not come up.
    pub async fn start(screen: Screen) -> Result<Self> {
        let home = tempfile::Builder::new()
            .prefix("desk")
            .tempdir()
            .context("a home folder")?;
        let mut env = home_env(home.path())?;
        let (display, name) = start_display(screen).await?;
        env.push(("DISPLAY".to_owned(), name));
        let (bus, address) = start_bus(home.path(), &env).await?;
        env.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), address));
        let manager = Program::at("openbox").envs(&env).start()?;
        until("the window manager", || async {
            let program = Program::at("xprop").args(["-root", "_NET_SUPPORTING_WM_CHECK"]);
            let said = program.envs(&env).output().await?;
            Ok(said.contains("window id").then_some(()))
        })
        .await?;
        Ok(Self {
            env,
            _manager: manager,
            _bus: bus,
            _display: display,
            _home: home,
        })
    }

    /// What a program needs in its environment to appear on this desktop.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    /// Types text with real key presses.
    ///
    /// # Errors
    /// When `xdotool` fails.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        let delay = KEY_DELAY_MILLISECONDS.to_string();
        self.xdotool(&["type", "--delay", &delay, "--", text])
            .await
            .map(drop)
    }

    /// Presses one key or chord, in `xdotool`'s names: `Tab`, `ctrl+Return`, `F2`.
    ///
    /// # Errors
    /// When `xdotool` fails.
    pub async fn press(&self, chord: &str) -> Result<()> {
        self.xdotool(&["key", "--", chord]).await.map(drop)
    }

    /// Clicks with the left mouse button at a place on the screen, in pixels.
    ///
    /// # Errors
    /// When `xdotool` fails.
    pub async fn click_at(&self, x: i64, y: i64) -> Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        self.xdotool(&["mousemove", "--sync", &x, &y, "click", "1"])
            .await
            .map(drop)
    }

    /// Waits until the window that has the keyboard bears a title with `part` in it.
    ///
    /// # Errors
    /// When none has before the deadline.
    pub async fn until_active(&self, part: &str) -> Result<()> {
        until(
            &format!("an active window with \"{part}\" in its title"),
            || async {
                let title = self.xdotool(&["getactivewindow", "getwindowname"]).await?;
                Ok(title.contains(part).then_some(()))
            },
        )
        .await
    }

    /// Saves a picture of the whole screen as PNG.
    ///
    /// # Errors
    /// When the picture cannot be taken or written.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let program = Program::at("import")
            .args(["-window", "root"])
            .arg(path)
            .envs(&self.env);
        program.output().await.map(drop)
    }

    async fn xdotool(&self, args: &[&str]) -> Result<String> {
        Program::at("xdotool")
            .args(args)
            .envs(&self.env)
            .output()
            .await
    }
}

/// A home folder's variables, and the switches that keep GTK and WebKit quiet and alone.
fn home_env(home: &Path) -> Result<Vec<(String, String)>> {
    let folder = |name: &str| -> Result<String> {
        let path = home.join(name);
        std::fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(path.to_string_lossy().into_owned())
    };
    let runtime = folder("run")?;
    restrict_to_owner(Path::new(&runtime))?;
    let env = [
        ("HOME", folder("home")?),
        ("XDG_CONFIG_HOME", folder("home/.config")?),
        ("XDG_DATA_HOME", folder("home/.local/share")?),
        ("XDG_CACHE_HOME", folder("home/.cache")?),
        ("XDG_RUNTIME_DIR", runtime),
        ("LANG", "C.UTF-8".to_owned()),
        ("LC_ALL", "C.UTF-8".to_owned()),
        ("GDK_BACKEND", "x11".to_owned()),
        ("GSETTINGS_BACKEND", "memory".to_owned()),
        ("NO_AT_BRIDGE", "1".to_owned()),
        ("GTK_IM_MODULE", "gtk-im-context-simple".to_owned()),
        ("WAYLAND_DISPLAY", String::new()),
    ];
    Ok(env
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect())
}

/// Programs refuse a runtime folder that others may read.
fn restrict_to_owner(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
        .with_context(|| format!("restricting {}", path.display()))
}

/// Starts an X server on a free number; it writes the number when it is ready for clients.
async fn start_display(screen: Screen) -> Result<(Running, String)> {
    let geometry = format!("{}x{}x24", screen.width, screen.height);
    let mut display = Program::at("Xvfb")
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &geometry,
            "-nolisten",
            "tcp",
            "-noreset",
        ])
        .start()?;
    let number = display.first_line().await.context("the virtual display")?;
    Ok((display, format!(":{number}")))
}

async fn start_bus(folder: &Path, env: &[(String, String)]) -> Result<(Running, String)> {
    let config = folder.join("bus.conf");
    std::fs::write(&config, BUS_CONFIG).with_context(|| format!("writing {}", config.display()))?;
    let mut bus = Program::at("dbus-daemon")
        .args(["--nofork", "--print-address=1", "--config-file"])
        .arg(config)
        .envs(env)
        .start()?;
    let address = bus.first_line().await.context("the session bus")?;
    Ok((bus, address))
}
