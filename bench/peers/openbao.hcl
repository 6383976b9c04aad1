# One server of OpenBao's own integrated storage, which writes each entry to disk before it answers; with an audit file,
# as Berth leaves an audit event. FOLDER and PORT are filled in.
disable_mlock = true
api_addr      = "http://127.0.0.1:PORT"
cluster_addr  = "http://127.0.0.1:CLUSTER"
log_level     = "error"

listener "tcp" {
  address         = "127.0.0.1:PORT"
  cluster_address = "127.0.0.1:CLUSTER"
  tls_disable     = true
}

storage "raft" {
  path    = "FOLDER/raft"
  node_id = "bench"
}

audit "file" "file" {
  options {
    file_path = "FOLDER/audit.log"
  }
}
