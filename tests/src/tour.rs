//! A tour of the main screens with a camera: one dossier is received on the way.
//!
//! Owns the list of pictures. Each picture is of a state a clerk really passes through.

use crate::clerk::Clerk;
use crate::webdriver::Session;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// What the citizen says, without marks, as a clerk would type it.
const PROCEDURE_SAID: &str = "khai sinh";

/// The hall window's title begins so.
const HALL_TITLE: &str = "Bảng gọi số";

/// What the tour brought home.
#[derive(Debug, Clone)]
pub struct Album {
    /// The pictures, in the order of the tour.
    pub pictures: Vec<PathBuf>,
    /// The code of the dossier that was received.
    pub dossier_code: String,
    /// Where its Form 01 lies, as the screen says.
    pub form: PathBuf,
}

/// Goes through the screens of a fresh installation and takes pictures into `folder`.
///
/// # Errors
/// When a screen does not come; what was on the screen then is in `stuck.png`.
pub async fn take(session: &Session, folder: &Path, pin: &str) -> Result<Album> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let mut camera = Camera {
        session,
        folder,
        pictures: Vec::new(),
    };
    let walked = walk(&mut camera, pin).await;
    match walked {
        Ok((dossier_code, form)) => Ok(Album {
            pictures: camera.pictures,
            dossier_code,
            form,
        }),
        Err(error) => {
            let stuck = folder.join("stuck.png");
            let _ = session.save_screenshot(&stuck).await;
            Err(error.context(format!("the tour got stuck; see {}", stuck.display())))
        }
    }
}

async fn walk(camera: &mut Camera<'_>, pin: &str) -> Result<(String, PathBuf)> {
    let session = camera.session.clone();
    let clerk = Clerk::at(session.clone())?;
    clerk.sees("first.practice.title").await?;
    camera.shoot("01-first-run").await?;
    clerk.chooses_practice().await?;
    camera.shoot("02-sign-in").await?;
    clerk.signs_in(pin).await?;
    clerk.sees("idle.card.title").await?;
    camera.shoot("03-desk").await?;
    clerk.calls_next().await?;
    camera.shoot("04-called").await?;
    clerk.reads_a_card().await?;
    clerk.chooses_procedure(PROCEDURE_SAID).await?;
    camera.shoot("05-intake-and-practice").await?;
    clerk.attaches_a_scan().await?;
    clerk.ticks_the_papers().await?;
    clerk.lets_the_citizen_sign().await?;
    clerk.closes_practice().await?;
    camera.shoot("06-intake").await?;
    let code = clerk.receives().await?;
    camera.shoot("07-dossier").await?;
    let form = clerk.opens_the_form().await?;
    session.press("F9").await?;
    clerk.sees("devices.lead").await?;
    camera.shoot("08-devices").await?;
    hall(camera, &clerk).await?;
    session.press("Control+k").await?;
    session.wait_for("#command-list").await?;
    camera.shoot("10-palette").await?;
    Ok((code, form))
}

async fn hall(camera: &mut Camera<'_>, clerk: &Clerk) -> Result<()> {
    let session = camera.session;
    let desk = session.window().await?;
    clerk.opens_practice().await?;
    clerk.press_on("practice.hall").await?;
    session.switch_to_titled(HALL_TITLE).await?;
    clerk.sees("hall.last").await?;
    camera.shoot("09-hall").await?;
    session.switch_to(&desk).await
}

struct Camera<'a> {
    session: &'a Session,
    folder: &'a Path,
    pictures: Vec<PathBuf>,
}

impl Camera<'_> {
    /// Takes a picture once the fonts are there and nothing moves any more.
    async fn shoot(&mut self, name: &str) -> Result<()> {
        let settled = "const done = arguments[0]; \
            document.fonts.ready.then(() => Promise.all(document.getAnimations().map((one) => \
            one.finished.catch(() => null)))).then(() => requestAnimationFrame(() => \
            requestAnimationFrame(() => done(true))))";
        self.session
            .execute_async(settled, &[])
            .await
            .context("waiting for a still picture")?;
        let path = self.folder.join(format!("{name}.png"));
        self.session.save_screenshot(&path).await?;
        self.pictures.push(path);
        Ok(())
    }
}
