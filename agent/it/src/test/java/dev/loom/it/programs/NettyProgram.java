package dev.loom.it.programs;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A Netty server on two event loops sends back, changed, what four clients send. */
public final class NettyProgram {

    private static final int BYTES = 300_000;

    private NettyProgram() {}

    public static void main(String[] args) throws Exception {
        EventLoopGroup loops = new NioEventLoopGroup(3);
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer(() -> new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
                        ByteBuf out = context.alloc().buffer(in.readableBytes());
                        while (in.isReadable()) {
                            out.writeByte(in.readByte() ^ 0x55);
                        }
                        context.writeAndFlush(out);
                    }
                }))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        CountDownLatch done = new CountDownLatch(4);
        AtomicLong sum = new AtomicLong();
        AtomicInteger received = new AtomicInteger();
        for (int c = 0; c < 4; c++) {
            int client = c;
            Channel channel = new Bootstrap()
                    .group(loops)
                    .channel(NioSocketChannel.class)
                    .handler(initializer(() -> new SimpleChannelInboundHandler<ByteBuf>() {
                        private int seen;
                        private long own;

                        @Override
                        protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
                            for (; in.isReadable(); seen++) {
                                own = own * 31 + in.readByte();
                            }
                            if (seen == BYTES) {
                                sum.addAndGet(own * (client + 1));
                                received.addAndGet(seen);
                                done.countDown();
                            }
                        }
                    }))
                    .connect(server.localAddress())
                    .sync()
                    .channel();
            for (int sent = 0; sent < BYTES; sent += 1_000) {
                byte[] bytes = new byte[1_000];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (sent + i * (client + 3));
                }
                channel.write(Unpooled.wrappedBuffer(bytes));
                if (sent % 10_000 == 0) {
                    channel.flush();
                }
            }
            channel.flush();
        }
        boolean all = done.await(60, TimeUnit.SECONDS);
        AtomicInteger ticks = new AtomicInteger();
        CountDownLatch ticked = new CountDownLatch(20);
        loops.scheduleAtFixedRate(() -> {
            if (ticks.incrementAndGet() <= 20) {
                ticked.countDown();
            }
        }, 1, 1, TimeUnit.MILLISECONDS);
        ticked.await(30, TimeUnit.SECONDS);
        System.out.println("RESULT netty " + all + " " + received.get() + " " + sum.get());
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        System.out.println("END");
        System.exit(0);
    }

    private interface Handlers {
        io.netty.channel.ChannelHandler make();
    }

    private static ChannelInitializer<Channel> initializer(Handlers handlers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handlers.make());
            }
        };
    }
}
