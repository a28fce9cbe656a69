using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Sends an HTTP request. The result is <c>{status, headers, body}</c>, whatever the status.</summary>
/// <remarks>
/// GET takes its arguments as the query; other methods take them as a form, as JSON when the header <c>Content-Type</c> is exactly
/// <c>application/json</c>, or as they are when they are a text. A body is parsed only when its type is exactly <c>application/json</c>.
/// A time-out of two numbers, for connecting and for reading, limits the whole request to their sum. User and password before the host sign in by Basic.
/// </remarks>
internal sealed record HttpProvider(DocumentMapping Node) : ActivityProvider(Node)
{
    /// <summary>How long a request without a time-out of its own may take; the Chaos Toolkit would wait for ever.</summary>
    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromSeconds(60);

    private static readonly string[] s_keys =
        ["type", "url", "method", "headers", "arguments", "timeout", "verify_tls", "max_retries", "expected_status", "secrets"];

    /// <inheritdoc/>
    public override bool HasStatus => true;

    /// <inheritdoc/>
    public override string TextTarget => "body";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => ["status", "headers", "body"];

    /// <inheritdoc/>
    public override void Check(FindingList findings)
    {
        findings.UnknownKeys(Node, "an http provider", s_keys);
        if (Node["url"] is not DocumentScalar { Value: string { Length: > 0 } })
        {
            Action<string, DocumentNode, string, string?> report = Node["url"] is { } url && PythonValue.IsTrue(DocumentValues.ToValue(url)) ? findings.BreaksRun : findings.Error;
            report("MissingKey", Node["url"] ?? Node, "An http activity must have a url, which is a text.", null);
        }

        if (Node["headers"] is { } headers and not DocumentMapping && PythonValue.IsTrue(DocumentValues.ToValue(headers)))
            findings.Error("WrongType", headers, "The headers of an http activity must be a mapping.");
        if (Node["arguments"] is { } arguments && (Node["headers"] as DocumentMapping)?["Content-Type"] is null && !IsForm(DocumentValues.ToValue(arguments)))
            findings.BreaksRun("WrongType", arguments, "The arguments of an http activity must be a mapping or a text, unless its header Content-Type is application/json.");
        if (Node["timeout"] is { } timeout && !IsTimeout(DocumentValues.ToValue(timeout)))
            findings.BreaksRun("WrongType", timeout, "A time-out must be a positive number of seconds, at most 24 days, two of them for connecting and reading, or a placeholder.");
        if (Node["max_retries"] is { } retries && DocumentValues.ToValue(retries) is not (null or long and >= 0))
            findings.BreaksRun("WrongType", retries, "max_retries must be a whole number, 0 or more.");
        if (Node["verify_tls"] is { } tls and not DocumentScalar { Value: bool })
            findings.BreaksRun("WrongType", tls, "verify_tls must be true or false.", "To trust a certificate of your own, make its issuer known to this machine.");

        if (Node["expected_status"] is { } expected)
            findings.Warning("KeyIgnored", expected, "expected_status has no effect, here as in the Chaos Toolkit.", "Give the probe a tolerance.");
    }

    /// <inheritdoc/>
    protected override async Task<object?> RunAsync(ActivityContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var uri = Uri(context);
        var timeout = Timeout(context);
        var retries = (Node["max_retries"] as DocumentScalar)?.Value as long? ?? 0;
        using var limit = new CancellationTokenSource(timeout, context.Connection.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        for (var attempt = 0L; ; attempt++)
        {
            try
            {
                return await SendAsync(context, uri, both.Token);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException && attempt < retries)
            {
                // Connection errors alone are tried again, at once, as the original does.
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                throw ChaosErrors.HttpConnectionFailed(uri.OriginalString, exception);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw ChaosErrors.HttpTimeout(uri.OriginalString, timeout);
            }
        }
    }

    private async Task<object?> SendAsync(ActivityContext context, Uri uri, CancellationToken cancellationToken)
    {
        using var request = Request(context, uri);
        using var response = await Way(context, uri).SendAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = await OutputLimit.ReadAsync(
            stream, OutputLimit.Mebibytes, () => ChaosErrors.OutputTooLarge($"the answer of {uri.OriginalString}", OutputLimit.Mebibytes), cancellationToken);
        var headers = PythonValue.Map(response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Select(static header => KeyValuePair.Create(header.Key, (object?)string.Join(", ", header.Value))));
        return new OrderedDictionary<string, object?>
        {
            ["status"] = (long)response.StatusCode,
            ["headers"] = headers,
            ["body"] = Body(uri, headers.GetValueOrDefault("Content-Type") as string, response.Content.Headers.ContentType, bytes),
        };
    }

    /// <summary>The sandbox's way, unless the run may leave it and the host is none of the sandbox's.</summary>
    private HttpMessageInvoker Way(ActivityContext context, Uri uri)
    {
        var connection = context.Connection;
        if (Confinement.For(connection) is { } sandbox && (!context.AllowExternal || sandbox.Serves(uri.Host))) return connection.Http;
        if (Node["verify_tls"] is DocumentScalar { Value: false } && connection.UnverifiedHttp is { } unverified) return unverified.Value;
        return connection.ExternalHttp ?? connection.Http;
    }

    private static object? Body(Uri uri, string? type, MediaTypeHeaderValue? parsed, byte[] bytes)
    {
        if (type != "application/json") return Encoding(parsed?.CharSet).GetString(bytes);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return JsonValues.FromJson(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw ChaosErrors.HttpBodyInvalid(uri.OriginalString, exception);
        }
    }

    private static Encoding Encoding(string? charset)
    {
        try
        {
            return charset is null ? System.Text.Encoding.UTF8 : System.Text.Encoding.GetEncoding(charset.Trim('"'));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // A name that nobody knows, or that is not used any more, says nothing: nearly all text is UTF-8.
            return System.Text.Encoding.UTF8;
        }
    }

    private HttpRequestMessage Request(ActivityContext context, Uri uri)
    {
        var method = HttpMethod.Parse(((Node["method"] as DocumentScalar)?.Value as string ?? "GET").ToUpperInvariant());
        var arguments = Node["arguments"] is { } written ? context.Substitution.ApplyToArguments(DocumentValues.ToValue(written)) : null;
        var headers = Value(context, "headers") as IReadOnlyDictionary<string, object?> ?? new OrderedDictionary<string, object?>();
        var request = new HttpRequestMessage(method, uri);
        if (method == HttpMethod.Get)
        {
            if (PythonValue.IsTrue(arguments)) request.RequestUri = WithQuery(uri, arguments is string text ? text : Form(arguments));
        }
        else if (headers.GetValueOrDefault("Content-Type") is "application/json")
        {
            request.Content = Content(JsonValues.ToJson(arguments)?.ToJsonString() ?? "null");
        }
        else if (PythonValue.IsTrue(arguments))
        {
            request.Content = Content(arguments is string text ? text : Form(arguments));
            if (arguments is not string) request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        }

        foreach (var (name, value) in headers)
        {
            if (value is not string text) throw ChaosErrors.HttpHeaderInvalid(name, PythonValue.Repr(value));
            if (request.Headers.TryAddWithoutValidation(name, text)) continue;
            request.Content ??= Content("");
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, text);
        }

        // What stands in the URL comes before a header, as in the original.
        if (BasicCredentials.Of(uri) is { } credentials) request.Headers.Authorization = credentials;
        return request;
    }

    private static ByteArrayContent Content(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A form as the original sends it: a list repeats its key, also one in a list, of a mapping the keys are taken; null is left out.</summary>
    /// <exception cref="ChaosException">They are no mapping, nor pairs: id <c>HttpArgumentsInvalid</c>.</exception>
    private static string Form(object? arguments) => string.Join('&',
        (Pairs(arguments) ?? throw ChaosErrors.HttpArgumentsInvalid(PythonValue.Repr(arguments)))
            .SelectMany(static entry => Items(entry.Value).Where(static item => item is not null).SelectMany(Items).Select(value => (entry.Key, Value: value)))
            .Select(static pair => $"{Escape(pair.Key)}={Escape(PythonValue.Text(pair.Value))}"));

    private static IEnumerable<KeyValuePair<string, object?>>? Pairs(object? arguments) => arguments switch
    {
        IReadOnlyDictionary<string, object?> map => map,
        IReadOnlyList<object?> list when list.All(static item => item is IReadOnlyList<object?> { Count: 2 }) =>
            list.Cast<IReadOnlyList<object?>>().Select(static pair => KeyValuePair.Create(PythonValue.Text(pair[0]), pair[1])),
        _ => null,
    };

    private static bool IsForm(object? arguments) => arguments is string || !PythonValue.IsTrue(arguments) || Pairs(arguments) is not null;

    private static IEnumerable<object?> Items(object? value) => value switch
    {
        IReadOnlyList<object?> list => list,
        IReadOnlyDictionary<string, object?> map => map.Keys,
        _ => [value],
    };

    private static string Escape(string text) => System.Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static Uri WithQuery(Uri uri, string query) =>
        new UriBuilder(uri) { Query = uri.Query.Length > 1 ? $"{uri.Query[1..]}&{query}" : query }.Uri;

    /// <summary>Where it is sent; null when the url is none.</summary>
    internal Uri? Address(Substitution substitution) =>
        System.Uri.TryCreate(Text(substitution), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;

    private Uri Uri(ActivityContext context) => Address(context.Substitution) ?? throw ChaosErrors.HttpUrlInvalid(Text(context.Substitution));

    private string Text(Substitution substitution) => PythonValue.Text(Node["url"] is { } node ? substitution.Apply(DocumentValues.ToValue(node)) : null);

    private TimeSpan Timeout(ActivityContext context)
    {
        if (Node["timeout"] is null or DocumentScalar { Value: null }) return s_defaultTimeout;
        var value = Value(context, "timeout");
        var seconds = value is IReadOnlyList<object?> { Count: 2 } pair ? Seconds(pair[0]) + Seconds(pair[1]) : Seconds(value);
        return seconds is > 0 and < Longest.Seconds ? TimeSpan.FromSeconds(seconds.Value) : throw ChaosErrors.HttpTimeoutInvalid(PythonValue.Repr(value));
    }

    private static double? Seconds(object? value) => value switch
    {
        long number => number,
        double number => number,
        _ => null,
    };

    private static bool IsTimeout(object? value) => value switch
    {
        null => true,
        string text => Substitution.Names(text).Any(),
        IReadOnlyList<object?> list => list.Count == 2 && list.All(static item => item is string ? IsTimeout(item) : Seconds(item) is > 0 and < Longest.Seconds),
        _ => Seconds(value) is > 0 and < Longest.Seconds,
    };

    private object? Value(ActivityContext context, string key) =>
        Node[key] is { } node ? context.Substitution.Apply(DocumentValues.ToValue(node)) : null;
}
