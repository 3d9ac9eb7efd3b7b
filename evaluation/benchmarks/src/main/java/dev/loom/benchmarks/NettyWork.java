package dev.loom.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Some requests through a pipeline of Netty's that decodes, answers and encodes HTTP, without a network. */
final class NettyWork implements Workload {

    private static final byte[] REQUEST = """
            POST /orders?number=17 HTTP/1.1
            Host: localhost
            Accept: application/json
            User-Agent: benchmark
            Content-Length: 11

            hello world""".replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);

    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new HttpObjectAggregator(1 << 16), new Answers());

    private static final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            ByteBuf body = Unpooled.copiedBuffer(request.uri() + ' ' + request.content().readableBytes(), StandardCharsets.US_ASCII);
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().set("Content-Type", "text/plain").set("Content-Length", body.readableBytes());
            context.writeAndFlush(response);
        }
    }

    @Override
    public long once() {
        long sum = 0;
        for (int i = 0; i < 50; i++) {
            channel.writeInbound(Unpooled.wrappedBuffer(REQUEST));
            ByteBuf part;
            while ((part = channel.readOutbound()) != null) {
                sum += part.readableBytes();
                part.release();
            }
        }
        return sum;
    }
}
