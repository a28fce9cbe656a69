using System.Net.Http.Headers;
using System.Text;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Fetches experiments from the web, as the Chaos Toolkit's loader does: by GET, with the token of the environment, judged by the content type.</summary>
/// <param name="http">Sends the request, and takes no token along to another server.</param>
/// <param name="documents">Reads YAML and JSON.</param>
/// <param name="environment">Has the token.</param>
/// <param name="settings">Has what signs in where there is no token; null when nothing does.</param>
/// <param name="time">Counts how long it takes.</param>
internal sealed class ExperimentDownload(HttpMessageInvoker http, IDocumentReader documents, EnvironmentVariables environment, ToolkitSettings? settings, TimeProvider time)
{
    /// <summary>The variable whose value signs in, by the Chaos Toolkit's name.</summary>
    public const string TokenVariable = "CHAOSTOOLKIT_LOADER_AUTH_BEARER_TOKEN";

    /// <summary>More than any experiment: the largest that is known has some ten kilobytes.</summary>
    public const int MostMebibytes = 4;

    /// <summary>How long it may take in all; the original would wait for ever.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Fetches and reads an experiment.</summary>
    /// <exception cref="ChaosException">
    /// <c>SourceUnsupported</c>, <c>SourceTokenExposed</c>, <c>SourceUnreachable</c>, <c>SourceTimeout</c>, <c>SourceRefused</c>, <c>SourceTooLarge</c>,
    /// <c>SourceTypeUnknown</c>, <c>DocumentInvalid</c>.
    /// </exception>
    public async Task<Experiment> ReadAsync(string source, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) throw ChaosErrors.SourceUnsupported(source);
        using var limit = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(uri);
            using var response = await http.SendAsync(request, both.Token);
            if ((int)response.StatusCode != 200) throw ChaosErrors.SourceRefused(uri, (int)response.StatusCode, TokenVariable);
            await using var stream = await response.Content.ReadAsStreamAsync(both.Token);
            var bytes = await OutputLimit.ReadAsync(stream, MostMebibytes, () => ChaosErrors.SourceTooLarge(uri, MostMebibytes), both.Token);
            var name = Text.Address(uri);
            var text = Encoding.UTF8.GetString(bytes);
            return ExperimentReader.Read(Parse(text, response.Content.Headers.ContentType, uri, name), name, documents);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw ChaosErrors.SourceUnreachable(uri, exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ChaosErrors.SourceTimeout(uri, Timeout);
        }
    }

    private HttpRequestMessage Request(Uri uri)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Accept.ParseAdd("application/json, application/x-yaml, application/yaml, text/yaml, text/plain;q=0.5");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ChaosPS", typeof(ExperimentDownload).Assembly.GetName().Version?.ToString(3)));
        var (signIn, owner) = environment.Get(TokenVariable) is { Length: > 0 } token ? ($"Bearer {token}", $"the variable {TokenVariable}") : (settings?.SignIn(uri), "the settings");
        if (signIn is not null)
        {
            if (uri.Scheme != "https" && !uri.IsLoopback) throw ChaosErrors.SourceTokenExposed(uri, owner);
            request.Headers.TryAddWithoutValidation("Authorization", signIn);
        }
        else
        {
            request.Headers.Authorization = BasicCredentials.Of(uri);
        }

        return request;
    }

    /// <summary>By the content type; a plain text by the ending of the path, or else by what it looks like.</summary>
    private DocumentNode Parse(string text, MediaTypeHeaderValue? type, Uri uri, string name)
    {
        var ending = Path.GetExtension(uri.AbsolutePath).ToLowerInvariant();
        return type?.MediaType?.ToLowerInvariant() switch
        {
            "application/json" => documents.ReadJson(text, name),
            "application/x-yaml" or "text/yaml" or "application/yaml" or "text/x-yaml" => documents.Read(text, name),
            "text/plain" when ending == ".json" => documents.ReadJson(text, name),
            "text/plain" when ending is ".yaml" or ".yml" => documents.Read(text, name),
            "text/plain" => ExperimentSource.Parse(text, name, documents),
            var other => throw ChaosErrors.SourceTypeUnknown(uri, other),
        };
    }
}
