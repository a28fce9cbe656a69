using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using ChaosPS.Ports;

namespace ChaosPS.Sandbox.Serving;

/// <summary>The connection of a client, for as many requests as it sends, one after the other.</summary>
internal sealed class HttpConnection(Socket socket, SandboxEntrance entrance, IChaosLog log, CancellationToken stopping)
{
    /// <summary>How long a client that is told off may go on sending, so that it gets to read why.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer may take after the client has closed its sending side. Whether it has gone altogether, TCP does not say.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Answers until the client closes the connection, does not speak HTTP, or the server stops. Never throws.</summary>
    public async Task RunAsync()
    {
        using var owned = socket;
        PipeReader? input = null;
        try
        {
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
            var requests = new RequestReader(input);
            var answers = new ResponseWriter(stream, stopping);
            while (await AnswerNextAsync(requests, answers))
            {
                // The next request comes on the same connection.
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The client has gone, or the server stops: there is nobody to tell.
        }
        catch (HttpRequestException)
        {
            Break(); // a machine of the cluster is dead: what its clients see is a broken connection
        }
        catch (Exception exception)
        {
            log.Write(ChaosLogLevel.Warning, $"The sandbox broke off an answer: {exception}");
            Break();
        }
        finally
        {
            if (input is not null) await input.CompleteAsync();
        }
    }

    /// <summary>False when there is no next request.</summary>
    private async Task<bool> AnswerNextAsync(RequestReader requests, ResponseWriter answers)
    {
        RequestHead? head = null;
        byte[] body;
        try
        {
            head = await requests.ReadHeadAsync(stopping);
            if (head is null) return false;
            if (head.ExpectsContinue) await answers.ContinueAsync(stopping);
            body = await requests.ReadBodyAsync(head, stopping);
        }
        catch (HttpRefusal refusal)
        {
            // Where this request ends, and the next one begins, is not known.
            using var why = refusal.ToMessage();
            await answers.WriteAsync(why, head, closes: true, stopping);
            await TakeLeaveAsync(requests);
            return false;
        }

        using var answering = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watching = WatchAsync(requests, answering);
        HttpResponseMessage? talk = null;
        try
        {
            var response = await AnswerAsync(head, body, answering.Token);
            using var owned = response.StatusCode == HttpStatusCode.SwitchingProtocols ? null : response;
            if (owned is null) talk = response;
            else await answers.WriteAsync(response, head, head.Closes, answering.Token);
        }
        finally
        {
            requests.StopWatching();
            await watching;
        }

        if (talk is null) return !head.Closes;
        using (talk) await TalkAsync(talk, requests, answers);
        return false;
    }

    /// <summary>Carries what both sides say in another protocol, until one of them ends it.</summary>
    private async Task TalkAsync(HttpResponseMessage response, RequestReader requests, ResponseWriter answers)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var talk = await response.Content.ReadAsStreamAsync(stopping);
        var hearing = HearAsync(requests, talk, over);
        try
        {
            await answers.TalkAsync(response, talk, over.Token);
        }
        finally
        {
            await over.CancelAsync();
            await hearing;
        }

        await TakeLeaveAsync(requests);
    }

    /// <summary>Never throws: when the client has gone, the other direction is ended.</summary>
    private static async Task HearAsync(RequestReader requests, Stream talk, CancellationTokenSource over)
    {
        try
        {
            await requests.CopyToAsync(talk, over.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Nothing more is heard, or it is of no more use.
        }

        await over.CancelAsync();
    }

    /// <summary>An answer that a client no longer waits for is not made any further. One that only sends no more waits for it.</summary>
    private static async Task WatchAsync(RequestReader requests, CancellationTokenSource answering)
    {
        if (await requests.WatchAsync()) answering.CancelAfter(s_patience);
    }

    private async Task<HttpResponseMessage> AnswerAsync(RequestHead head, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            return await entrance.AnswerAsync(head, body, cancellationToken);
        }
        catch (HttpRefusal refusal)
        {
            return refusal.ToMessage();
        }
        catch (Exception exception) when (exception is not HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            log.Write(ChaosLogLevel.Warning, $"The sandbox failed to answer {head.Method} {head.Target}: {exception}");
            return new HttpRefusal(HttpStatusCode.InternalServerError, $"The sandbox itself failed; please report this: {exception}").ToMessage();
        }
    }

    /// <summary>Closes in an order that lets the client read the last answer though it was still sending.</summary>
    private async Task TakeLeaveAsync(RequestReader requests)
    {
        socket.Shutdown(SocketShutdown.Send);
        using var farewell = new CancellationTokenSource(s_farewell, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(farewell.Token, stopping);
        await requests.SkipAsync(both.Token);
    }

    private void Break() => socket.LingerState = new LingerOption(enable: true, seconds: 0);
}
