using System.Net;
using ChaosPS.Time;

namespace ChaosPS.Tests.Fakes;

/// <summary>Answers by path: <c>/status/503</c> with that status, <c>/hang</c> never, <c>/refused</c> with a broken connection, all else 200.</summary>
public sealed class FakeApplication(VirtualClock clock) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path == "/hang") await clock.HangAsync(cancellationToken);
        if (path == "/refused") throw new HttpRequestException("Connection refused (fake.invalid:80)");
        await clock.DelayAsync(TimeSpan.FromMilliseconds(12), cancellationToken);
        var status = path.StartsWith("/status/", StringComparison.Ordinal) ? int.Parse(path[8..], null) : 200;
        return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("x"), RequestMessage = request };
    }
}
