using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Security;

namespace ChaosPS.Sessions;

/// <summary>What <c>Get-Secret</c> gives, in the clear. From here on the run takes it out of all that it says.</summary>
internal static class SecretValues
{
    /// <summary>The plain value of a secret: SecretManagement has texts, bytes, credentials, and mappings of these.</summary>
    public static object? Reveal(object? secret) => secret switch
    {
        PSObject wrapped => Reveal(wrapped.BaseObject),
        SecureString text => new NetworkCredential("", text).Password,
        PSCredential credential => new OrderedDictionary<string, object?>
        {
            ["username"] = credential.UserName,
            ["password"] = credential.GetNetworkCredential().Password,
        },
        IDictionary map => Reveal(map),
        string or byte[] => secret,
        _ => LanguagePrimitives.ConvertTo<string>(secret),
    };

    private static OrderedDictionary<string, object?> Reveal(IDictionary map)
    {
        var values = new OrderedDictionary<string, object?>();
        foreach (DictionaryEntry entry in map) values[LanguagePrimitives.ConvertTo<string>(entry.Key)] = Reveal(entry.Value);
        return values;
    }
}
