using System.Globalization;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Azure;

/// <summary>How many calls ARM still allows: a bucket for reads, one for changes, filled again as time passes.</summary>
/// <remarks>Source: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling : reads 250 and 25 a second, writes 200 and 10.</remarks>
internal sealed class ArmLimits(TimeProvider time)
{
    private readonly Bucket _reads = new("reads", 250, 25);
    private readonly Bucket _writes = new("writes", 200, 10);

    /// <summary>Takes one call out of its bucket.</summary>
    /// <returns>The header that says what is left; null when nothing was, and the call is to be refused.</returns>
    public (string Header, string Value)? Take(FaceRequest request)
    {
        var bucket = request.Method == HttpMethod.Get || request.Segments is ["providers", ..] ? _reads : _writes;
        return bucket.Take(time.GetUtcNow()) is { } left
            ? ($"x-ms-ratelimit-remaining-subscription-{bucket.Name}", left.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    private sealed class Bucket(string name, int size, int perSecond)
    {
        private double _left = size;
        private DateTimeOffset _at;

        public string Name => name;

        public int? Take(DateTimeOffset now)
        {
            if (now > _at) _left = Math.Min(size, _left + ((now - _at).TotalSeconds * perSecond));
            _at = now;
            if (_left < 1) return null;
            _left--;
            return (int)_left;
        }
    }
}
