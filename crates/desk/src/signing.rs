//! The citizen's signature: what is shown, who draws where, and the evidence that is kept.
//!
//! The strokes are stored with the hash of the words that were shown; a later change of those words leaves the
//! signature standing but marked as made for other words.

use motcua_core::dossier::SignatureRef;
use motcua_core::ids::Hash;
use motcua_core::intake::Change;
use motcua_core::refusal::Refusal;
use motcua_drivers::{DeviceId, Signature, Stroke};
use uuid::Uuid;

use crate::Desk;
use crate::error::DeskError;
use crate::event::DeskEvent;
use crate::intake::IntakeView;
use crate::node::lock;

/// The media type of stored strokes.
pub const STROKES_MIME: &str = "application/vnd.motcua.ink+json";
/// Width of the signing area divided by its height.
pub const SIGNING_ASPECT: f32 = 3.0;

/// Where the citizen draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A signature pad.
    Pad,
    /// The screen: mouse, pen or finger.
    Canvas,
}

/// A signature that is being asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// This request.
    pub request: Uuid,
    /// Where.
    pub via: Via,
    /// The pad.
    pub device: Option<DeviceId>,
    /// The pad's name.
    pub device_name: String,
    /// The words, one paragraph each.
    pub statement: Vec<String>,
}

/// The hash of the words that are shown.
#[must_use]
pub(crate) fn shown_hash(statement: &[String]) -> Hash {
    Hash::of(statement.join("\n").as_bytes())
}

impl Desk {
    /// Asks the citizen to sign.
    ///
    /// # Errors
    /// [`Refusal::NoDraft`]; [`DeskError::PadLost`] when there is no pad that answers.
    pub async fn sign_begin(&self, via: Via) -> Result<Signing, DeskError> {
        let node = self.node()?;
        let view = self.intake().await?.ok_or(Refusal::NoDraft)?;
        let request = Uuid::new_v4();
        let mut signing = Signing {
            request,
            via,
            device: None,
            device_name: String::new(),
            statement: view.statement,
        };
        if via == Via::Pad {
            let (device, name) = self.ask_pad(request, shown_hash(&signing.statement))?;
            signing.device = Some(device);
            signing.device_name = name;
        }
        *lock(&node.signing) = Some(signing.clone());
        self.tell(DeskEvent::Intake {
            revision: view.draft.revision,
        });
        Ok(signing)
    }

    /// The request that is open.
    #[must_use]
    pub fn signing(&self) -> Option<Signing> {
        self.node()
            .ok()
            .and_then(|node| lock(&node.signing).clone())
    }

    /// Clears what was drawn; the request stays open.
    ///
    /// # Errors
    /// None where no pad is asked.
    pub fn sign_clear(&self) -> Result<(), DeskError> {
        match self.signing() {
            Some(Signing { via: Via::Pad, .. }) => self.clear_pad(),
            _ => Ok(()),
        }
    }

    /// Gives up asking.
    ///
    /// # Errors
    /// [`Refusal::NoDraft`].
    pub async fn sign_cancel(&self) -> Result<IntakeView, DeskError> {
        let node = self.node()?;
        let open = lock(&node.signing).take();
        if let Some(Signing { via: Via::Pad, .. }) = open {
            self.cancel_pad()?;
        }
        self.intake().await?.ok_or_else(|| Refusal::NoDraft.into())
    }

    /// Takes the strokes that were drawn on the screen.
    ///
    /// # Errors
    /// [`DeskError::SignatureEmpty`] when nobody has drawn anything.
    pub async fn sign_submit(&self, strokes: Vec<Stroke>) -> Result<IntakeView, DeskError> {
        let area = motcua_drivers::protocols::pad::PadArea {
            width: SIGNING_ASPECT,
            height: 1.0,
        };
        self.take_signature(Signature {
            area,
            strokes,
            document_hash: None,
        })
        .await
    }

    /// Asks the pad to finish: what it has becomes the signature when it answers.
    ///
    /// # Errors
    /// [`DeskError::SignatureEmpty`], [`DeskError::PadLost`].
    pub fn sign_accept_pad(&self) -> Result<(), DeskError> {
        match self.signing() {
            Some(Signing { via: Via::Pad, .. }) => self.accept_pad(),
            _ => Err(DeskError::SignatureEmpty),
        }
    }

    /// Stores the strokes as evidence and puts them on the draft.
    pub(crate) async fn take_signature(
        &self,
        signature: Signature,
    ) -> Result<IntakeView, DeskError> {
        let node = self.node()?;
        let drawn = signature.strokes.iter().any(|s| s.points.len() > 1);
        if !drawn {
            return Err(DeskError::SignatureEmpty);
        }
        let open = lock(&node.signing)
            .clone()
            .ok_or(DeskError::SignatureEmpty)?;
        let shown = shown_hash(&open.statement);
        let evidence = Signature {
            document_hash: Some(shown.to_string()),
            ..signature
        };
        let json = serde_json::to_vec(&evidence).map_err(motcua_ledger::StoreError::from)?;
        let strokes = node.store.put_blob(json, STROKES_MIME).await?;
        let reference = SignatureRef {
            strokes,
            shown,
            at: self.now(),
        };
        let view = self
            .change("signature", Change::Signed(Some(reference)))
            .await?;
        *lock(&node.signing) = None;
        Ok(view)
    }

    /// Stored strokes.
    ///
    /// # Errors
    /// [`DeskError::Store`]; `Ok(None)` where this node does not have them.
    pub fn signature(&self, reference: &SignatureRef) -> Result<Option<Signature>, DeskError> {
        let bytes = self.node()?.store.blob(reference.strokes.sha256)?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }
}
