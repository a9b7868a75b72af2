//! Documents in a folder: whole, damaged, missing, large. (The bucket is tested inside the crate.)

use testkit::TestStore;

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

#[tokio::test]
async fn a_document_reads_back_and_is_stored_once() {
    let store = TestStore::sqlite().await;
    let documents = store.documents();
    assert_eq!(documents.list().await.unwrap(), [""; 0]);
    for _ in 0..2 {
        assert_eq!(documents.put(b"hello".to_vec()).await.unwrap(), HELLO);
    }
    assert_eq!(documents.get(HELLO).await.unwrap(), b"hello");
    assert!(documents.exists(HELLO).await.unwrap());
    assert_eq!(documents.list().await.unwrap(), [HELLO]);
    let incoming = store.folder().join("documents/incoming");
    assert_eq!(std::fs::read_dir(incoming).unwrap().count(), 0);
}

#[tokio::test]
async fn a_large_file_is_stored_and_copied_out_in_pieces() {
    let store = TestStore::sqlite().await;
    let file = store.folder().join("large.csv");
    std::fs::write(&file, "定西,当归,100\n".repeat(300_000)).unwrap();
    let name = store.documents().put_file(&file).await.unwrap();
    let copy = store.folder().join("out/copy.csv");
    let bytes = store.documents().get_file(&name, &copy).await.unwrap();
    assert_eq!(bytes, std::fs::metadata(&file).unwrap().len());
    assert_eq!(std::fs::read(&copy).unwrap(), std::fs::read(&file).unwrap());
}

#[tokio::test]
async fn a_damaged_document_is_refused_and_mended_by_storing_it_again() {
    let store = TestStore::sqlite().await;
    let documents = store.documents();
    documents.put(b"hello".to_vec()).await.unwrap();
    std::fs::write(store.folder().join("documents/2c").join(HELLO), "hellO").unwrap();
    let copy = store.folder().join("copy");
    assert_eq!(
        documents.get(HELLO).await.unwrap_err().code,
        "store.document_damaged"
    );
    assert_eq!(
        documents.get_file(HELLO, &copy).await.unwrap_err().code,
        "store.document_damaged"
    );
    assert!(!copy.exists());
    assert_eq!(documents.check().await.unwrap().len(), 1);

    documents.put(b"hello".to_vec()).await.unwrap();
    assert_eq!(documents.get(HELLO).await.unwrap(), b"hello");
    assert_eq!(documents.check().await.unwrap(), []);
}

#[tokio::test]
async fn a_name_that_is_no_hash_never_becomes_a_path() {
    let store = TestStore::sqlite().await;
    let long = format!("../{}", "a".repeat(61));
    for name in ["", "../../etc/passwd", long.as_str(), &HELLO.to_uppercase()] {
        let refusal = store.documents().get(name).await.unwrap_err();
        assert_eq!(refusal.code, "store.bad_document_name", "{name}");
    }
    assert_eq!(
        store.documents().get(HELLO).await.unwrap_err().code,
        "store.document_missing"
    );
}
