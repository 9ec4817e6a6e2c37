// Submits two copies of an article and prints what wonbon decided about each.
//
//	protoc -I../../proto --go_out=. --go_opt=module=github.com/wonbon/wonbon \
//	  --go-grpc_out=. --go-grpc_opt=module=github.com/wonbon/wonbon ../../proto/wonbon/v1/*.proto
//	go mod tidy && go run . [ADDRESS]
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	wonbonv1 "github.com/wonbon/wonbon/proto/wonbon/v1"
)

const body = "전주시가 다음 달부터 시립도서관 열람실을 밤 10시까지 연다. 시는 평일 저녁 이용자가 한 해 사이 " +
	"38% 늘었다며 도서관 12곳의 문 닫는 시각을 두 시간 늦추고 사서 24명을 더 뽑는다고 밝혔다."

func main() {
	address := "127.0.0.1:7443"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	client := wonbonv1.NewDedupServiceClient(connection)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for _, publisher := range []string{"가람통신", "누리신문"} {
		response, err := client.Submit(ctx, &wonbonv1.SubmitRequest{Document: &wonbonv1.Document{
			Id: "go-" + publisher, Title: "전주 도서관, 밤 10시까지 연다", Body: body, Publisher: publisher}})
		if err != nil {
			log.Fatal(err)
		}
		decision := response.GetDecision()
		fmt.Printf("%s: %s in %s\n", publisher, decision.GetRelation(), decision.GetClusterId())
	}
}
