package io.smartdoor.faults;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/** One connection of a caller: its requests, one after another, until it ends or is cut. */
final class ClientConnection {

  private final FaultProxy proxy;
  private final Caller caller;
  private final long number;
  private final Socket socket;

  ClientConnection(FaultProxy proxy, Caller caller, long number, Socket socket) {
    this.proxy = proxy;
    this.caller = caller;
    this.number = number;
    this.socket = socket;
  }

  void serve() throws IOException {
    socket.setTcpNoDelay(true);
    var in = new HttpInput(socket.getInputStream());
    var out = new HttpOutput(socket.getOutputStream());
    for (var goesOn = true; goesOn; ) {
      var request = in.request(out::goOn);
      goesOn = request.isPresent() && answer(request.get(), out);
    }
  }

  /** False where it was the last request. */
  private boolean answer(HttpRequest request, HttpOutput out) throws IOException {
    Optional<AwsAnswer> answer = proxy.carryOut(CallReader.read(caller, request), number);
    if (answer.isEmpty()) {
      cut();
      return false;
    }
    var last = request.headers().says("Connection", "close");
    out.write(answer.get().response(), request.isHead(), last);
    return !last;
  }

  /** A reset, not an orderly end: what a killed peer or a lost network looks like. */
  private void cut() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
