// Submits, decodes a BadRequest and watches over a restart of the server.
//
// usage: client ADDRESS
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	wonbonv1 "github.com/wonbon/wonbon/proto/wonbon/v1"
)

func submit(client wonbonv1.DedupServiceClient, id, body string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	document := &wonbonv1.Document{Id: id, Title: "제목", Body: body, Publisher: "한국신문"}
	_, err := client.Submit(ctx, &wonbonv1.SubmitRequest{Document: document}, grpc.WaitForReady(true))
	return err
}

// submitOverARestart may repeat what was done: the same document again is UNCHANGED.
func submitOverARestart(client wonbonv1.DedupServiceClient, id, body string) error {
	for {
		err := submit(client, id, body)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func badField(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			return bad.GetFieldViolations()[0].GetField()
		}
	}
	return ""
}

// watch sends the document of each event once, over whatever happens to the server.
func watch(client wonbonv1.DedupServiceClient, events chan<- string) {
	after := uint64(0)
	for {
		request := &wonbonv1.WatchClustersRequest{AfterSequence: proto.Uint64(after)}
		stream, err := client.WatchClusters(context.Background(), request, grpc.WaitForReady(true))
		for err == nil {
			var response *wonbonv1.WatchClustersResponse
			if response, err = stream.Recv(); err == nil {
				after = response.GetSequence()
				for _, event := range response.GetEvents() {
					events <- event.GetDocumentId()
				}
			}
		}
		if status.Code(err) != codes.Unavailable {
			log.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func expect(what, got, wanted string) {
	if got != wanted {
		log.Fatalf("%s: %q instead of %q", what, got, wanted)
	}
}

func main() {
	config, err := os.ReadFile(os.Getenv("SERVICE_CONFIG"))
	if err != nil {
		log.Fatal(err)
	}
	connection, err := grpc.NewClient(os.Args[1], grpc.WithDefaultServiceConfig(string(config)),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	client := wonbonv1.NewDedupServiceClient(connection)
	if err := submit(client, "a", "첫 번째 기사의 본문입니다."); err != nil {
		log.Fatal(err)
	}
	expect("field", badField(submit(client, "bad", "")), "document.body")
	events := make(chan string)
	go watch(client, events)
	expect("event", <-events, "a")
	fmt.Println("WATCHING")
	for err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		_, err = client.GetDocument(ctx, &wonbonv1.GetDocumentRequest{DocumentId: "a"})
		cancel()
		time.Sleep(50 * time.Millisecond)
	}
	if err := submitOverARestart(client, "b", "두 번째 기사의 본문은 전혀 다른 내용을 담았습니다."); err != nil {
		log.Fatal(err)
	}
	expect("event", <-events, "b")
	fmt.Println("DONE")
}
