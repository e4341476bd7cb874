//! The parts of an office as processes: they come up, they can be killed, what they wrote stays.

use anyhow::{Context, Result};
use motcua_tests::fake_province::{
    Act, Addresses, Control, ERROR_EXISTS, SERVICE_DOSSIER, SERVICE_PATH, TOKEN_PATH,
};
use motcua_tests::http;
use motcua_tests::office::{DEVICES, HUB, Office, PROVINCE};
use motcua_tests::process::Program;
use serde_json::{Value, json};

const CODE: &str = "H56.6.17-261123-0042";

async fn send(province: &Addresses, code: &str) -> Result<Value> {
    let client = http::client()?;
    let Addresses {
        url,
        client_id,
        client_secret,
        ..
    } = province;
    let asked = json!({"client_id": client_id, "client_secret": client_secret});
    let token: Value = http::post(&client, &format!("{url}{TOKEN_PATH}"), &asked).await?;
    let dossier = json!({
        "MaHoSo": code,
        "MaTTHC": "1.001193",
        "TenTTHC": "Đăng ký khai sinh",
        "KenhThucHien": 1,
        "ChuHoSo": "Đặng Văn Ướt",
        "LoaiDoiTuong": 1,
        "NgayTiepNhan": "20261123091500",
        "TrangThaiHoSo": 2,
        "DonViXuLy": "Ủy ban nhân dân xã Bình Minh",
    });
    let body = json!({"service": SERVICE_DOSSIER, "isUpdating": "False", "data": [dossier]});
    let token = token["access_token"].as_str().context("a token")?;
    let request = client
        .post(format!("{url}{SERVICE_PATH}"))
        .bearer_auth(token)
        .json(&body);
    http::json(request).await
}

fn addresses(office: &Office) -> Result<Addresses> {
    Ok(serde_json::from_value(office.said(PROVINCE)?.clone())?)
}

#[tokio::test]
async fn a_province_that_is_killed_comes_back_with_its_ledger() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut office = Office::start(&[PROVINCE], folder.path(), &[]).await?;
    let before = addresses(&office)?;
    assert_eq!(send(&before, CODE).await?["error_code"], 0);

    office.kill(PROVINCE)?;
    assert!(
        send(&before, CODE).await.is_err(),
        "nobody answers for a dead province"
    );

    office.restart(PROVINCE).await?;
    let after = addresses(&office)?;
    assert_eq!(send(&after, CODE).await?["error_code"], ERROR_EXISTS);
    let acts: Vec<_> = Control::new(&after)?
        .ledger()
        .await?
        .into_iter()
        .map(|entry| entry.act)
        .collect();
    assert_eq!(acts, [Act::Created]);
    Ok(())
}

#[tokio::test]
async fn what_a_part_said_reaches_those_that_start_after_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let base = [("LANG".to_owned(), "C.UTF-8".to_owned())];
    let office = Office::start(&[PROVINCE], folder.path(), &base).await?;
    let env = office.env();
    assert_eq!(env[0], base[0]);
    assert_eq!(env[1].0, "MOTCUA_PROVINCE");
    let said: Addresses = serde_json::from_str(&env[1].1)?;
    assert_eq!(said, addresses(&office)?);
    assert!(office.said(HUB).unwrap_err().to_string().contains("no hub"));
    Ok(())
}

#[tokio::test]
async fn the_province_ends_in_good_order_when_asked() -> Result<()> {
    let mut province = Program::ours("fake-province")?.start()?;
    province.ready().await?;
    assert!(province.stop().await?.success());
    Ok(())
}

#[tokio::test]
async fn the_devices_say_where_they_are_and_end_with_the_office() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let office = Office::start(&[PROVINCE, DEVICES], folder.path(), &[]).await?;
    let said = office.said(DEVICES)?.clone();
    let control = said["control"]
        .as_str()
        .context("a control address")?
        .to_owned();
    for device in ["receipt", "reader", "folder"] {
        assert!(said["devices"][device].is_string(), "no {device} in {said}");
    }
    tokio::net::TcpStream::connect(&control)
        .await
        .context("the devices' control")?;
    drop(office);
    assert!(
        tokio::net::TcpStream::connect(&control).await.is_err(),
        "nobody is left"
    );
    Ok(())
}
