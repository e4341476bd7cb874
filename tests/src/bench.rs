//! The simulated devices, handled from outside: a card before the reader, paper on the copier, what
//! came out of the printer.
//!
//! Talks to the control port of `motcua-devices`. What a paper says is read by programs of others,
//! as a telephone or a person in the hall would read it.

use crate::office::{DEVICES, Office};
use crate::process::Program;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::Write;
use tempfile::NamedTempFile;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// The devices of one office.
#[derive(Debug, Clone)]
pub struct Bench {
    control: String,
}

impl Bench {
    /// The devices of `office`.
    ///
    /// # Errors
    /// When it has none.
    pub fn of(office: &Office) -> Result<Self> {
        let said = office.said(DEVICES)?;
        let control = said["control"].as_str().context("a control address")?;
        Ok(Self {
            control: control.to_owned(),
        })
    }

    async fn ask(&self, command: &Value) -> Result<Value> {
        let asking = format!("asking the devices for {command}");
        let mut stream = TcpStream::connect(&self.control)
            .await
            .with_context(|| asking.clone())?;
        stream.write_all(format!("{command}\n").as_bytes()).await?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).await?;
        let reply: Value = serde_json::from_str(&line).with_context(|| asking.clone())?;
        if reply["reply"] == "error" {
            bail!("{asking}: {}", reply["message"]);
        }
        Ok(reply)
    }

    /// A card is held before the reader.
    ///
    /// # Errors
    /// When the devices do not answer.
    pub async fn holds_card(&self, text: &str) -> Result<()> {
        self.ask(&json!({"do": "scan", "text": text}))
            .await
            .map(drop)
    }

    /// The copier sends a PDF of so many pages to its folder.
    ///
    /// # Errors
    /// When the devices do not answer.
    pub async fn scans(&self, name: &str, pages: u32) -> Result<()> {
        let command = json!({"do": "drop_scan", "name": name, "pages": pages, "how": "whole"});
        self.ask(&command).await.map(drop)
    }

    /// How many papers ever came out of the printer.
    ///
    /// # Errors
    /// When the devices do not answer.
    pub async fn papers(&self) -> Result<u64> {
        let state = self.ask(&json!({"do": "state"})).await?;
        state["papers"].as_u64().context("a count of papers")
    }

    /// The paper that came out last.
    ///
    /// # Errors
    /// When none did.
    pub async fn last_paper(&self) -> Result<Paper> {
        let paper = self.ask(&json!({"do": "paper"})).await?;
        let encoded = paper["png_base64"].as_str().context("a paper")?;
        let mut picture = tempfile::Builder::new().suffix(".png").tempfile()?;
        picture.write_all(&STANDARD.decode(encoded)?)?;
        Ok(Paper { picture })
    }
}

/// A paper as the citizen holds it.
#[derive(Debug)]
pub struct Paper {
    picture: NamedTempFile,
}

impl Paper {
    /// What a telephone reads from its code.
    ///
    /// # Errors
    /// When it has none that can be read.
    pub async fn code(&self) -> Result<String> {
        let program = Program::at("zbarimg").args(["--quiet", "--raw"]);
        let read = program.arg(self.picture.path()).output().await?;
        Ok(read.trim_end().to_owned())
    }

    /// Its words as read by eye, in one line.
    ///
    /// # Errors
    /// When nothing can be read.
    pub async fn words(&self) -> Result<String> {
        let program = Program::at("tesseract").arg(self.picture.path());
        let program = program.args(["-", "-l", "vie", "--psm", "4"]);
        let read = program.output().await?;
        let words: Vec<_> = read.split_whitespace().collect();
        Ok(words.join(" "))
    }
}
