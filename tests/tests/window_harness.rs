//! The harness itself, in front of a plain page: if this fails, no journey in a window can be
//! trusted. The page is WebKitGTK's own browser, the same engine as our window's.

use anyhow::Result;
use motcua_tests::desktop::{Desktop, OFFICE_SCREEN};
use motcua_tests::input_method::InputMethod;
use motcua_tests::webdriver::{Application, Driver, Session};
use serde_json::json;

const PAGE: &str = r#"data:text/html;charset=utf-8,<!doctype html><title>Quầy số 1</title>
<label>Họ, chữ đệm và tên <input id="name"></label><label for="address">Địa chỉ</label><input id="address">
<input aria-label="Tìm hồ sơ" id="search"><h2 id="fee-title">Lệ phí</h2><textarea id="fee" aria-labelledby="fee-title"></textarea>
<button id="save" onclick="document.querySelector('#saved').textContent = document.querySelector('#name').value">Lưu</button>
<p id="saved"></p><p id="keys"></p><p id="hidden" hidden>ẩn</p>
<script>addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.key.length > 1) document.querySelector('#keys').textContent += `${event.ctrlKey ? 'Ctrl+' : ''}${event.key};`;
});</script>"#;

async fn browser(env: &[(String, String)]) -> Result<(Driver, Session)> {
    let driver = Driver::webkit(env).await?;
    let session = driver.open(&Application::browser()).await?;
    // In an address of this kind a "#" would end the page.
    session.navigate(&PAGE.replace('#', "%23")).await?;
    Ok((driver, session))
}

#[tokio::test]
async fn a_page_is_found_typed_into_clicked_and_pictured() -> Result<()> {
    let desktop = Desktop::start(OFFICE_SCREEN).await?;
    let (driver, session) = browser(desktop.env()).await?;
    assert_eq!(session.title().await?, "Quầy số 1");

    session
        .wait_for("#name")
        .await?
        .type_text("Nguyễn Thị Ngọc Ỷ")
        .await?;
    session.click("#save").await?;
    assert_eq!(
        session.wait_for_text("#saved", "Ỷ").await?,
        "Nguyễn Thị Ngọc Ỷ"
    );
    assert_eq!(
        session
            .active_element()
            .await?
            .attribute("id")
            .await?
            .as_deref(),
        Some("save")
    );
    assert!(!session.find("#hidden").await?.is_displayed().await?);
    assert!(session.find("#nothing").await.is_err());
    assert_eq!(session.find_all("input").await?.len(), 3);

    session.press("F2").await?;
    session.press("Control+Enter").await?;
    session
        .wait_for_text("#keys", "F2;Ctrl+Control;Ctrl+Enter;")
        .await?;

    let sum = session
        .execute("return arguments[0] + arguments[1]", &[json!(40), json!(2)])
        .await?;
    assert_eq!(sum, 42);
    let later = "const done = arguments[0]; setTimeout(() => done('xong'), 1)";
    assert_eq!(session.execute_async(later, &[]).await?, "xong");

    let picture = session.screenshot().await?;
    assert!(picture.starts_with(b"\x89PNG"), "a PNG");
    let file = tempfile::Builder::new().suffix(".png").tempfile()?;
    desktop.screenshot(file.path()).await?;
    assert!(
        std::fs::metadata(file.path())?.len() > 1_000,
        "a picture of the screen"
    );

    assert_eq!(driver.processes(&Application::browser())?.len(), 1);
    session.close().await?;
    drop(driver);
    Ok(())
}

#[tokio::test]
async fn the_driver_of_our_own_windows_opens_a_program_and_hands_it_its_environment() -> Result<()>
{
    let desktop = Desktop::start(OFFICE_SCREEN).await?;
    let driver = Driver::tauri(desktop.env()).await?;
    let session = driver.open(&Application::browser()).await?;
    session
        .navigate("data:text/html;charset=utf-8,<title>Quầy</title>")
        .await?;
    assert_eq!(session.title().await?, "Quầy");
    desktop.until_active("Quầy").await?;
    assert_eq!(driver.processes(&Application::browser())?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn things_are_found_by_their_words() -> Result<()> {
    let desktop = Desktop::start(OFFICE_SCREEN).await?;
    let (_driver, session) = browser(desktop.env()).await?;
    for (label, id) in [
        ("Họ, chữ đệm", "name"),
        ("Địa chỉ", "address"),
        ("Tìm", "search"),
        ("Lệ phí", "fee"),
    ] {
        let field = session.field(label).await?;
        assert_eq!(field.attribute("id").await?.as_deref(), Some(id), "{label}");
    }
    session
        .field("Họ, chữ đệm")
        .await?
        .type_text("Trần Văn Hùng")
        .await?;
    session.press_on("Lưu").await?;
    session.wait_for_words("Trần Văn Hùng").await?;
    Ok(())
}

#[tokio::test]
async fn a_second_window_is_seen_and_turned_to() -> Result<()> {
    let desktop = Desktop::start(OFFICE_SCREEN).await?;
    let (_driver, session) = browser(desktop.env()).await?;
    let first = session.window().await?;
    let second = session.open_window().await?;
    assert_eq!(session.windows().await?.len(), 2);
    session.switch_to(&second).await?;
    session
        .navigate("data:text/html;charset=utf-8,<title>Sảnh chờ</title>A111")
        .await?;
    session.switch_to(&first).await?;
    assert_eq!(session.title().await?, "Quầy số 1");
    session.switch_to_titled("Sảnh").await?;
    session.wait_for_text("body", "A111").await?;
    Ok(())
}

#[tokio::test]
async fn a_window_that_is_killed_is_noticed_at_once() -> Result<()> {
    let desktop = Desktop::start(OFFICE_SCREEN).await?;
    let (driver, session) = browser(desktop.env()).await?;
    for process in driver.processes(&Application::browser())? {
        motcua_tests::process::kill_process(process)?;
    }
    let started = std::time::Instant::now();
    assert!(session.wait_for("#never").await.is_err());
    assert!(
        started.elapsed() < motcua_tests::wait::DEADLINE,
        "no waiting for a dead window"
    );
    Ok(())
}

#[tokio::test]
async fn a_clerk_types_vietnamese_by_telex() -> Result<()> {
    let desktop = Desktop::start(OFFICE_SCREEN).await?;
    let input_method = InputMethod::start(&desktop).await?;
    let (_driver, session) = browser(input_method.env()).await?;
    session.click("#name").await?;
    desktop.until_active("Quầy số 1").await?;
    desktop.type_text("Nguyeenx Thij Ngocj Yr").await?;
    desktop.press("Tab").await?;
    desktop.type_text("ddwowngf Buwowri ").await?;
    let shown = session.until("both fields", || async {
        let name = session.find("#name").await?.value().await?;
        let address = session.find("#address").await?.value().await?;
        Ok(address.ends_with("i ").then_some((name, address)))
    });
    let (name, address) = shown.await?;
    assert_eq!(name, "Nguyễn Thị Ngọc Ỷ");
    assert_eq!(address, "đường Bưởi ");
    Ok(())
}
