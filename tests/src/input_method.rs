//! Vietnamese typing as a clerk does it: ibus with the Unikey engine on a virtual desktop.
//!
//! The engine's default is Telex (`Nguyeenx` gives `Nguyễn`). Programs that shall be typed into
//! must be started with [`InputMethod::env`] in addition to the desktop's own variables.
//!
//! Never mix it with WebDriver's own typing: letters that a keyboard does not have take another
//! way through the input method there and arrive out of order.

use crate::desktop::Desktop;
use crate::process::{Program, Running};
use crate::wait::until;
use anyhow::Result;

/// The engine's name in ibus.
const ENGINE: &str = "Unikey";

/// A running input method; dropping it ends it.
#[derive(Debug)]
pub struct InputMethod {
    _daemon: Running,
    env: Vec<(String, String)>,
}

impl InputMethod {
    /// Starts ibus on `desktop` and switches it to Vietnamese.
    ///
    /// # Errors
    /// When ibus or the engine is missing or does not come up.
    pub async fn start(desktop: &Desktop) -> Result<Self> {
        let variables = [("GTK_IM_MODULE", "ibus"), ("XMODIFIERS", "@im=ibus")];
        let mut env = desktop.env().to_vec();
        env.retain(|(key, _)| variables.iter().all(|(name, _)| name != key));
        env.extend(variables.map(|(key, value)| (key.to_owned(), value.to_owned())));
        let daemon = Program::at("ibus-daemon")
            .args([
                "--xim", "--panel", "disable", "--config", "disable", "--cache", "none",
            ])
            .envs(&env)
            .start()?;
        let ibus = |args: &'static [&'static str]| Program::at("ibus").args(args).envs(&env);
        until("the Vietnamese input method", || async {
            // The switch also loads a keyboard map, which a virtual display may refuse; whether the
            // engine is in force is asked for itself.
            let switched = ibus(&["engine", ENGINE]).output().await;
            let engine = ibus(&["engine"]).output().await?;
            if engine.trim() == ENGINE {
                Ok(Some(()))
            } else {
                switched.map(|_| None)
            }
        })
        .await?;
        Ok(Self {
            _daemon: daemon,
            env,
        })
    }

    /// The desktop's variables with those of the input method.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }
}
