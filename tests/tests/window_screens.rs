//! The steps of a clerk over the screens' stand-in, in the engine of our window. When a journey in
//! the real window fails and this does not, the fault is not in the screens.

use anyhow::Result;
use motcua_tests::desktop::{Desktop, OFFICE_SCREEN};
use motcua_tests::screens::Screens;
use motcua_tests::tour;
use motcua_tests::webdriver::{Application, Driver};

/// The PIN of the person who stands first in the stand-in.
const PIN: &str = "2580";

#[tokio::test]
async fn a_dossier_is_received_from_first_run_to_form() -> Result<()> {
    let screens = Screens::with_stand_in().await?;
    let desktop = Desktop::start(OFFICE_SCREEN).await?;
    let driver = Driver::webkit(desktop.env()).await?;
    let session = driver.open(&Application::browser()).await?;
    session
        .navigate(&format!("{}/index.html?pace=0", screens.url()))
        .await?;
    let (width, height) = (OFFICE_SCREEN.width, OFFICE_SCREEN.height);
    session.resize(width, height).await?;
    let folder = motcua_tests::workspace::target().join("window-screens");
    let album = tour::take(&session, &folder, PIN).await?;
    assert!(
        album.dossier_code.starts_with("H56.6.17-"),
        "{}",
        album.dossier_code
    );
    assert_eq!(album.pictures.len(), 10);
    Ok(())
}
