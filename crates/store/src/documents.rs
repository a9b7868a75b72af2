//! Documents (photos, scans, files) by the SHA-256 of their bytes, in a folder or in an S3-compatible bucket.
//!
//! The name is the content, so storing twice is storing once, nothing is ever overwritten with something else, and
//! a document that was damaged is noticed whenever it is read. There is no delete: what a fact names as evidence
//! must stay. In a folder a document lies at `ab/<sha256>`, `ab` being its first two digits.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Fault, Refusal};
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;

use crate::bucket::Bucket;
use crate::folder::Folder;

/// The documents of a store; cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Documents {
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

impl Documents {
    /// Opens a folder, or `s3://bucket/prefix`. Does not reach out yet.
    pub(crate) fn open(place: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::new("store.bad_documents", Fault::Refused).value(place);
        if place.is_empty() {
            return Err(bad());
        }
        let Some(rest) = place.strip_prefix("s3://") else {
            if place.contains("://") {
                return Err(bad());
            }
            return Ok(Self {
                place: Place::Folder(Folder::new(PathBuf::from(place))),
            });
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(bad());
        }
        let built = AmazonS3Builder::from_env().with_bucket_name(bucket).build();
        let store = built.map_err(|error| Refusal::broken("store.bad_documents", &error).value(place))?;
        Ok(Self::in_bucket(Arc::new(store), prefix))
    }

    fn in_bucket(store: Arc<dyn ObjectStore>, prefix: &str) -> Self {
        Self {
            place: Place::Bucket(Bucket::new(store, prefix)),
        }
    }

    /// Stores bytes; answers their SHA-256 in hexadecimal. Storing a damaged document again mends it.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String, Refusal> {
        match &self.place {
            Place::Folder(folder) => folder.put(bytes).await,
            Place::Bucket(bucket) => bucket.put(bytes).await,
        }
    }

    /// Stores a file, however large, without holding it in memory; answers its SHA-256 in hexadecimal.
    pub async fn put_file(&self, file: &Path) -> Result<String, Refusal> {
        match &self.place {
            Place::Folder(folder) => folder.put_file(file).await,
            Place::Bucket(bucket) => bucket.put_file(file).await,
        }
    }

    /// The bytes of a document, checked against its name. Refuses with `store.document_missing`,
    /// `store.document_damaged`, or `store.bad_document_name` when the name is no SHA-256.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>, Refusal> {
        require_name(sha256)?;
        match &self.place {
            Place::Folder(folder) => folder.get(sha256).await,
            Place::Bucket(bucket) => bucket.get(sha256).await,
        }
    }

    /// Copies a document, however large, to a file that appears only when its bytes were found whole. Answers the
    /// number of bytes; refuses as [`Documents::get`] does.
    pub async fn get_file(&self, sha256: &str, to: &Path) -> Result<u64, Refusal> {
        require_name(sha256)?;
        match &self.place {
            Place::Folder(folder) => folder.get_file(sha256, to).await,
            Place::Bucket(bucket) => bucket.get_file(sha256, to).await,
        }
    }

    /// Where a document can be read on this machine, for whoever streams it: its own place in a folder; of one in a
    /// bucket a copy in `cache`, fetched once. Refuses as [`Documents::get`] does; in a folder the bytes are not read.
    pub async fn on_disk(&self, sha256: &str, cache: &Path) -> Result<PathBuf, Refusal> {
        require_name(sha256)?;
        match &self.place {
            Place::Folder(folder) => folder.on_disk(sha256).await,
            Place::Bucket(bucket) => {
                let copy = cache.join(sha256);
                if !copy.exists() {
                    bucket.get_file(sha256, &copy).await?;
                }
                Ok(copy)
            }
        }
    }

    /// Whether a document of this name is there; its bytes are not read.
    pub async fn exists(&self, sha256: &str) -> Result<bool, Refusal> {
        require_name(sha256)?;
        match &self.place {
            Place::Folder(folder) => folder.exists(sha256).await,
            Place::Bucket(bucket) => bucket.exists(sha256).await,
        }
    }

    /// The same for a name that someone sent: what is no name of a document is not there.
    pub async fn is_kept(&self, sent: &str) -> Result<bool, Refusal> {
        Ok(is_name(sent) && self.exists(sent).await?)
    }

    /// The names of all documents, sorted.
    pub async fn list(&self) -> Result<Vec<String>, Refusal> {
        let mut names = match &self.place {
            Place::Folder(folder) => folder.list().await?,
            Place::Bucket(bucket) => bucket.list().await?,
        };
        names.sort();
        Ok(names)
    }

    /// Reads every document and answers a refusal for each that is damaged or cannot be read.
    pub async fn check(&self) -> Result<Vec<Refusal>, Refusal> {
        let mut findings = Vec::new();
        for name in self.list().await? {
            let read = match &self.place {
                Place::Folder(folder) => folder.check(&name).await,
                Place::Bucket(bucket) => bucket.check(&name).await,
            };
            findings.extend(read.err());
        }
        Ok(findings)
    }
}

/// A name is 64 lower-case hexadecimal digits: nothing else becomes part of a path.
pub(crate) fn is_name(sha256: &str) -> bool {
    sha256.len() == 64
        && sha256
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn require_name(sha256: &str) -> Result<(), Refusal> {
    if is_name(sha256) {
        return Ok(());
    }
    Err(Refusal::new("store.bad_document_name", Fault::Refused).value(sha256))
}

/// No document of this name.
pub(crate) fn missing(sha256: &str) -> Refusal {
    Refusal::new("store.document_missing", Fault::Missing).fact("sha256", sha256)
}

/// The bytes that were found, against the name they were found under.
pub(crate) fn require_whole(sha256: &str, found: &str) -> Result<(), Refusal> {
    if sha256 == found {
        return Ok(());
    }
    Err(Refusal::new("store.document_damaged", Fault::Broken)
        .fact("sha256", sha256)
        .fact("found", found))
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;
    use object_store::{ObjectStoreExt, PutPayload};

    use super::*;

    const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    #[tokio::test]
    async fn a_bucket_keeps_documents_as_a_folder_does() {
        let bucket = Arc::new(InMemory::new());
        let documents = Documents::in_bucket(bucket.clone(), "evidence/2018");
        assert_eq!(documents.put(b"hello".to_vec()).await.unwrap(), HELLO);
        assert_eq!(documents.get(HELLO).await.unwrap(), b"hello");
        assert_eq!(documents.list().await.unwrap(), [HELLO]);
        assert!(documents.exists(HELLO).await.unwrap());

        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large");
        let bytes: Vec<u8> = (0..12_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        std::fs::write(&large, &bytes).unwrap();
        let name = documents.put_file(&large).await.unwrap();
        assert_eq!(documents.put_file(&large).await.unwrap(), name);
        let copy = folder.path().join("copy");
        assert_eq!(documents.get_file(&name, &copy).await.unwrap(), 12_000_000);
        assert_eq!(std::fs::read(copy).unwrap(), bytes);
        assert_eq!(documents.check().await.unwrap(), []);

        let path = object_store::path::Path::from(format!("evidence/2018/2c/{HELLO}"));
        bucket
            .put(&path, PutPayload::from_static(b"hellO"))
            .await
            .unwrap();
        assert_eq!(
            documents.get(HELLO).await.unwrap_err().code,
            "store.document_damaged"
        );
        assert_eq!(documents.check().await.unwrap().len(), 1);
        bucket.delete(&path).await.unwrap();
        assert_eq!(
            documents.get(HELLO).await.unwrap_err().code,
            "store.document_missing"
        );
    }

    #[test]
    fn an_address_that_is_neither_a_folder_nor_a_bucket_is_refused() {
        for place in ["", "ftp://somewhere", "s3://", "s3:///prefix"] {
            assert_eq!(
                Documents::open(place).unwrap_err().code,
                "store.bad_documents",
                "{place}"
            );
        }
    }
}
