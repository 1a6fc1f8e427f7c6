package org.opensearch.transport.grpc.spi;

/**
 * Stands in for an interface of the same name that the k-NN plugin refers to but does not bring along: without it the
 * plugin's classes do not load. Nothing here is ever called.
 */
public interface QueryBuilderProtoConverterRegistry {}
