import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.wonbon.v1.ClusterEvent;
import com.wonbon.v1.DedupServiceGrpc;
import com.wonbon.v1.Document;
import com.wonbon.v1.GetDocumentRequest;
import com.wonbon.v1.SubmitRequest;
import com.wonbon.v1.WatchClustersRequest;
import com.wonbon.v1.WatchClustersResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Submits, decodes a BadRequest and watches over a restart of the server. Usage: Client ADDRESS */
public final class Client {
  private final DedupServiceGrpc.DedupServiceBlockingStub stub;
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  private Client(ManagedChannel channel) {
    stub = DedupServiceGrpc.newBlockingStub(channel);
  }

  private void submit(String id, String body) {
    Document document =
        Document.newBuilder().setId(id).setTitle("제목").setBody(body).setPublisher("한국신문").build();
    stub.withWaitForReady()
        .withDeadlineAfter(1, TimeUnit.MINUTES)
        .submit(SubmitRequest.newBuilder().setDocument(document).build());
  }

  /** May repeat what was done: the same document again is UNCHANGED. */
  private void submitOverARestart(String id, String body) {
    while (true) {
      try {
        submit(id, body);
        return;
      } catch (StatusRuntimeException error) {
        if (error.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          throw error;
        }
        pause();
      }
    }
  }

  private String badField() throws Exception {
    try {
      submit("bad", "");
    } catch (StatusRuntimeException error) {
      for (Any detail : StatusProto.fromThrowable(error).getDetailsList()) {
        if (detail.is(BadRequest.class)) {
          return detail.unpack(BadRequest.class).getFieldViolations(0).getField();
        }
      }
    }
    return "";
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Queues the document of each event once, over whatever happens to the server. */
  private void watch() {
    long after = 0;
    while (true) {
      try {
        Iterator<WatchClustersResponse> responses =
            stub.withWaitForReady()
                .watchClusters(WatchClustersRequest.newBuilder().setAfterSequence(after).build());
        while (responses.hasNext()) {
          WatchClustersResponse response = responses.next();
          after = response.getSequence();
          for (ClusterEvent event : response.getEventsList()) {
            events.add(event.getDocumentId());
          }
        }
      } catch (StatusRuntimeException error) {
        if (error.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          error.printStackTrace();
          System.exit(1);
        }
        pause();
      }
    }
  }

  private void awaitRestart() throws InterruptedException {
    try {
      while (true) {
        stub.withDeadlineAfter(1, TimeUnit.SECONDS)
            .getDocument(GetDocumentRequest.newBuilder().setDocumentId("a").build());
        Thread.sleep(50);
      }
    } catch (StatusRuntimeException stopped) {
      // as was to be
    }
  }

  private static void expect(String got, String wanted) {
    if (!wanted.equals(got)) {
      throw new AssertionError(got + " instead of " + wanted);
    }
  }

  public static void main(String[] arguments) throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
    Client client = new Client(channel);
    client.submit("a", "첫 번째 기사의 본문입니다.");
    expect(client.badField(), "document.body");
    Thread watcher = new Thread(client::watch);
    watcher.setDaemon(true);
    watcher.start();
    expect(client.events.take(), "a");
    System.out.println("WATCHING");
    client.awaitRestart();
    client.submitOverARestart("b", "두 번째 기사의 본문은 전혀 다른 내용을 담았습니다.");
    expect(client.events.take(), "b");
    System.out.println("DONE");
    System.exit(0);
  }
}
