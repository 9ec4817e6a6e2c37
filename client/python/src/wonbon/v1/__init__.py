"""The contract (proto/wonbon/v1), generated when the package is built.

dedup_service_pb2, submission_pb2, decision_pb2, document_pb2, cluster_pb2,
collection_service_pb2, admin_service_pb2, error_pb2.
"""
